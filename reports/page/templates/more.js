"use strict";
// The announcements that a large page does not show one by one: found by its search, a filter or a link, and told in numbers.
(() => {
  const MOST = 50, list = document.getElementById("announcements");
  const make = (tag, textContent, more = {}) => Object.assign(document.createElement(tag), {textContent}, more);
  PAGE.after.push(() => {
    if (!PAGE.d.more) return;
    const {id, title, date} = PAGE.d.more, {event_id, ticker, role, kind} = PAGE.d.events ?? {event_id: []};
    const places = new Map(id.map((name) => [name, []])), at = new Map(id.map((name, i) => [name, i]));
    event_id.forEach((name, i) => places.get(name)?.push(i));
    const word = (one) => PAGE.d.plain[one] ?? one;
    const texts = id.map((name, i) => `${name} ${title[i]} ${date[i]} ${places.get(name).map((j) => `${ticker[j]} ${word(role[j])} ${word(kind[j])}`).join(" ")}`.toLowerCase());
    const numbers = (own, of, found) => {
      const box = make("div", "", {className: "table"}), scroll = box.appendChild(make("div", "", {className: "scroll", tabIndex: 0}));
      scroll.setAttribute("role", "group");
      const table = scroll.appendChild(document.createElement("table"));
      table.createCaption().textContent = `Abnormal returns, ${found.label}`;
      scroll.setAttribute("aria-label", table.caption.textContent);
      const head = table.createTHead().insertRow(), body = table.createTBody();
      ["ticker", "window", `abnormal return${found.spec ? "" : " [95% interval]"}`, "p"].forEach((one, i) => head.append(make("th", one, {scope: "col", className: i > 1 ? "n" : ""})));
      for (const i of own.filter((one) => found.inside[one])) PAGE.d.windows.forEach(([name], w) => {
        const row = body.insertRow();
        row.classList.toggle("on", w === found.window);
        [ticker[i], name, of[w].i[i], of[w].p[i]].forEach((one, j) => PAGE.set(Object.assign(row.insertCell(), {className: j > 1 ? "n" : ""}), one));
      });
      return box;
    };
    const view = (i, of, found, opened) => {
      const own = places.get(id[i]), one = make("details", "", {className: "announcement told", id: `event-${id[i]}`});
      const known = own.filter((j) => of[found.window].c[j] !== "–").slice(0, 4).map((j) => `${ticker[j]} ${of[found.window].c[j].replace("*", "")}`);
      const summary = one.appendChild(document.createElement("summary"));
      summary.append(make("h3", title[i] || id[i]), " ", make("span", `${date[i]} · ${own.length ? known.join(", ") || "no return" : "not studied"}`, {className: "note"}));
      const words = [...new Set(own.map((j) => `${word(role[j])}, ${word(kind[j])}`))].join("; ");
      one.append(make("p", `${title[i] ? `${id[i]}. ` : ""}${words ? `${words[0].toUpperCase()}${words.slice(1)}. ` : ""}${own.length ? "Its other numbers stand in tables/windows.csv." : "Why it was not studied stands in tables/dropped.csv."}`, {className: "small"}));
      if (own.length) one.append(numbers(own, of, found));
      one.open = opened.has(one.id);
      list.append(one);
      PAGE.linked(one);
    };
    const told = () => [...list.querySelectorAll("details.told")];
    const show = (wanted) => {
      const opened = new Set(told().filter((one) => one.open).map((one) => one.id));
      told().forEach((one) => one.remove());
      const found = PAGE.chosen() ?? {inside: [], asked: []}, of = event_id.length ? PAGE.columns(found) : [];
      wanted.forEach((i) => view(i, of, found, opened));
    };
    PAGE.more = {
      look: (words) => {
        const found = PAGE.chosen(), asked = Boolean(found?.asked.length), idle = !words.length && !asked;
        const wanted = idle ? [] : id.flatMap((name, i) => words.every((one) => texts[i].includes(one)) && (!asked || places.get(name).some((j) => found.inside[j])) ? [i] : []);
        show(wanted.slice(0, MOST));
        return {matching: wanted.length, told: Math.min(wanted.length, MOST), all: id.length, idle};
      },
      tell: (name) => {  // a link to one of them
        const i = at.get(name.replace(/^event-/, ""));
        if (i !== undefined && !document.getElementById(name)) show([i]);
      },
    };
  });
})();
