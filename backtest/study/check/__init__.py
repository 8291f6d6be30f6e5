"""What tests would have found by chance: placebos, calibration, sensitivity, regressions."""
