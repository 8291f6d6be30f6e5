"use strict";
// The control: window, model, benchmark and filters, kept in the address after a question mark: #events?w=5-day&b=QQQ&t=META
(() => {
  const control = document.getElementById("control");
  const FILTERS = {t: "ticker", r: "role", k: "kind"};
  const anchor = () => decodeURIComponent(location.hash.slice(1).split("?")[0]);
  const said = () => new URLSearchParams(location.hash.split("?").slice(1).join("?"));
  const fields = () => control ? [...control.elements].filter((one) => one.name) : [];
  const setting = () => Object.fromEntries(fields().map((one) => [one.name, one.value]));
  const usual = setting();
  const others = {};  // what else the address keeps: v, x, y
  const address = (name, more = {}) => {
    const words = new URLSearchParams(Object.entries({...setting(), ...others, ...more}).filter(([key, value]) => value && value !== usual[key]));
    return `${encodeURIComponent(name)}${words.size ? `?${words}` : ""}`;
  };
  PAGE.address = address;
  PAGE.keep = (found) => { Object.assign(others, found); remember(); };
  const remember = () => history.replaceState(null, "", `#${address(anchor())}`);

  // What the fields say, as places in the tables: model and benchmark, window, the events that match, the one group they are.
  const chosen = () => {
    const {w, m, b = ""} = setting(), {specs, windows, events} = PAGE.d;
    const on = specs.some(([model, benchmark]) => model === m && benchmark === "") ? "" : b;
    if (control.elements.b) control.elements.b.disabled = on !== b;
    const asked = Object.entries(FILTERS).filter(([key]) => setting()[key]).map(([key, name]) => [name, setting()[key]]);
    const spec = specs.findIndex(([model, benchmark]) => model === m && benchmark === on);
    const inside = events.ticker.map((_, i) => asked.every(([name, value]) => events[name][i] === value));
    const group = asked.length ? asked.map((one) => one.join("=")).join("&") : "all=all";
    return {spec, window: windows.findIndex(([name]) => name === w), name: w, asked, inside, group, m, b: on, label: specs[spec][2],
      main: spec === 0 && !asked.length, first: spec === 0 && !asked.length && w === usual.w};
  };
  PAGE.chosen = () => control && PAGE.d.events ? chosen() : null;
  let seen = "";
  const show = () => {
    if (!control) return;
    const now = JSON.stringify(setting());
    if (now === seen) return;
    if (!seen && now === JSON.stringify(usual)) { seen = now; return; }
    seen = now;
    const found = chosen();
    PAGE.state = found;
    PAGE.fill(found);
    document.getElementById("reset").hidden = now === JSON.stringify(usual);
    document.querySelectorAll(".fixed").forEach((one) => { one.hidden = found.first; });
    brief();
  };
  const brief = () => {
    const told = fields().filter((one) => one.value && !one.disabled).map((one) => one.selectedOptions[0].textContent);
    for (const one of ["settings", "setting"]) document.getElementById(one).textContent = `${told.join(" · ")}${seen && PAGE.state?.asked.length ? "" : " · all events"}`;
  };
  const recall = () => {
    if (!control) return;
    const words = Object.fromEntries(said());
    for (const [key, value] of Object.entries({...usual, ...words})) {
      const field = fields().find((one) => one.name === key);
      if (field && [...field.options].some((one) => one.value === value)) field.value = value;
    }
    for (const key of ["x", "y"]) if (words[key]) others[key] = words[key];
    PAGE.recalled?.(words);
    show();
  };

  // One announcement alone, with a way back.
  const back = Object.assign(document.createElement("p"), {className: "back"});
  const alone = () => {
    const one = said().get("v") === "alone" && document.getElementById(anchor());
    const target = one && one.matches("details.announcement") ? one : null;
    document.documentElement.classList.toggle("alone", Boolean(target));
    document.querySelectorAll(".shown").forEach((other) => other.classList.remove("shown"));
    back.remove();
    if (!target) return;
    target.classList.add("shown");
    target.open = true;
    const link = Object.assign(document.createElement("a"), {textContent: "Back to the whole page", href: `#${address(target.id, {v: ""})}`});
    back.replaceChildren(link);
    target.before(back);
    scrollTo({top: 0, behavior: "instant"});
  };

  // A link into a closed part opens it; a link within the page keeps the setting.
  const reveal = () => {
    const name = anchor();
    if (location.hash.includes("?")) recall(); else remember();
    PAGE.more?.tell(name);
    alone();
    const target = document.getElementById(name);
    const box = target?.closest("details");
    if (box) box.open = true;
    if (target?.hidden) target.hidden = false;
    if (target && !document.documentElement.classList.contains("alone")) target.scrollIntoView();
  };
  PAGE.after.push(() => {
    if (!control) return;
    control.hidden = false;
    const settings = document.getElementById("settings");
    settings.hidden = false;
    settings.addEventListener("click", () => settings.setAttribute("aria-expanded", String(control.classList.toggle("open"))));
    brief();
    control.addEventListener("submit", (event) => event.preventDefault());
    control.addEventListener("change", () => { show(); remember(); });
    control.addEventListener("reset", () => setTimeout(() => { show(); remember(); }));
    PAGE.clear = () => { for (const one of fields()) if (one.name in FILTERS) one.value = ""; show(); remember(); };
    addEventListener("hashchange", reveal);
    if (location.hash) reveal();
  });
})();
