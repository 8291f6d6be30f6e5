"use strict";
// Two groups beside one another: averages of the setting's model, and the engine's own test of their difference.
(() => {
  const form = document.getElementById("versus");
  const halves = (key) => [key.slice(0, key.indexOf("=")), key.slice(key.indexOf("=") + 1)];
  const negated = (told) => told.replace(/^(\S+) \[(\S+), (\S+)\]$/, (_, value, low, high) => `${minus(value)} [${minus(high)}, ${minus(low)}]`);
  const minus = (told) => /^−?0\.0+$/.test(told) || told === "–" ? told.replace("−", "") : told.startsWith("−") ? told.slice(1) : `−${told}`;
  const difference = (x, y, window) => {
    const [by, one] = halves(x), [other_by, other] = halves(y);
    if (y === "others") return PAGE.d.compared[`${x}|others`]?.[window] ?? ["–", "–", "not tested"];
    if (x === y) return ["–", "–", "the same group"];
    if (by !== other_by) return ["–", "–", `not tested: an event can be of both`];
    const found = PAGE.d.compared[`${x}|${other}`]?.[window];
    if (found) return found;
    const back = PAGE.d.compared[`${y}|${one}`]?.[window];
    return back ? [negated(back[0]), minus(back[1]), back[2]] : ["–", "–", "not tested: fewer than three events, or not among the largest groups"];
  };
  const average = (key, spec, window) => {
    if (key === "others") return ["–", "–", "–"];
    const [by, value] = halves(key), packed = PAGE.d.averages.tables[spec][by]?.[`${value}|${window}`];
    if (!packed) return ["0", "–", "–"];
    const row = PAGE.text(packed).split("\u0002");
    return [row[2], row[3], row[8]];
  };
  const named = (key) => key === "others" ? "all other events" : form.querySelector(`option[value="${CSS.escape(key)}"]`)?.textContent ?? key;
  const show = () => {
    const {x, y} = Object.fromEntries(new FormData(form)), state = PAGE.state ?? {spec: 0, name: PAGE.d.windows[0][0], label: PAGE.d.specs[0][2]};
    const box = document.getElementById("table-compare"), rows = [...box.querySelectorAll("tbody tr")];
    const heads = [...box.querySelectorAll("thead th")], titles = ["events", "average [95% interval]", "p"];
    [x, y].forEach((key, k) => titles.forEach((title, i) => { heads[1 + 3 * k + i].textContent = `${named(key)}: ${title}`; }));
    box.querySelector("caption").textContent = `${named(x)} and ${named(y)}, ${state.label}`;
    box.querySelector(".scroll").setAttribute("aria-label", box.querySelector("caption").textContent);
    PAGE.d.windows.forEach(([window], w) => {
      [...average(x, state.spec, window), ...average(y, state.spec, window), ...difference(x, y, window)].forEach((one, i) => PAGE.set(rows[w].cells[i + 1], one));
      rows[w].classList.toggle("on", window === state.name);
    });
    const told = (key) => { const [n, value, p] = average(key, state.spec, state.name); return key === "others" ? named(key) : `${named(key)} ${value.split(" ")[0]} on average over ${n} event${n === "1" ? "" : "s"}`; };
    const [apart, , p] = difference(x, y, state.name), sure = p.endsWith("*"), known = apart !== "–", shown = p.replace("*", "");
    document.getElementById("compare-words").textContent = `Over ${state.name}, ${told(x)}; ${told(y)}. `
      + (known ? `The two are ${sure ? "" : "not "}told apart (difference of standardised returns ${apart}, p\u00a0${PAGE.equal(shown)}).` : `Their difference: ${shown}.`);
    const lines = PAGE.d.windows.flatMap(([window, start], w) => start < 0 ? [] : [x, y].flatMap((key) => {
      if (key === "others") return [];
      const [by, value] = halves(key);
      return PAGE.d.averages.forest[state.spec][by][w].filter(([group]) => group === value).map(([group, ...numbers]) => {
        const n = average(key, state.spec, window)[0];
        return [`${window} ${named(key)} (${n})`, group, `${named(key)}, ${window}, ${n} event${n === "1" ? "" : "s"}: ${average(key, state.spec, window)[1].split(" ")[0]}`, ...numbers];
      });
    }));
    const figure = document.getElementById("chart-compare");
    figure.hidden = !lines.length;
    const brief = (key) => `${named(key)} ${average(key, state.spec, state.name)[1].split(" ")[0]}`;
    if (lines.length) PAGE.put(figure, {...PAGE.forest(lines, `${state.name}: ${[x, y].filter((key) => key !== "others").map(brief).join(" against ")}`), note: `${state.label}; averages weighed by precision, 95% intervals of the headline test`});
  };
  PAGE.after.push(() => {
    if (!form) return;
    form.hidden = false;
    const usual = Object.fromEntries(new FormData(form));
    PAGE.compare = show;
    PAGE.recalled = (words) => {
      for (const key of ["x", "y"]) {
        const asked = words[key] ?? usual[key], field = form.elements[key];
        if ([...field.options].some((one) => one.value === asked)) field.value = asked;
      }
      show();
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      show();
      const now = Object.fromEntries(new FormData(form));
      PAGE.keep(Object.fromEntries(["x", "y"].map((key) => [key, now[key] === usual[key] ? "" : now[key]])));
    });
    show();
  });
})();
