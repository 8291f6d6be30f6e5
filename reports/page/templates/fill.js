"use strict";
// Every sentence, number and picture under a setting, from the study's own tables: nothing is computed here but counts.
(() => {
  const {strip, forest, paths, run} = {strip: (...of) => PAGE.draw.strip(...of), forest: (...of) => PAGE.draw.forest(...of), paths: (...of) => PAGE.draw.paths(...of), run: (of) => PAGE.draw.run(of)};
  const text = (packed) => {
    const [place, ...numbers] = packed.split("\u0001");
    return PAGE.d.texts[place].replace(/\u0000/g, () => numbers.shift());
  };
  PAGE.text = text;
  const cells = (packed) => packed.split("\u0002");
  const {many, whole, dated} = PAGE;
  const named = (asked) => asked.map(([name, value]) => `${name} ${PAGE.d.plain[value] ?? value}`).join(", ");
  const capital = (told) => told.charAt(0).toUpperCase() + told.slice(1);
  const make = (tag, textContent, more = {}) => Object.assign(document.createElement(tag), {textContent}, more);
  const set = (cell, packed) => {
    if (!cell) return;
    const strong = packed.endsWith("*"), told = strong ? packed.slice(0, -1) : packed;
    const holder = cell.querySelector("a") ?? cell;
    if (holder.textContent !== told || Boolean(cell.querySelector("b")) !== strong) holder.replaceChildren(strong ? make("b", told) : told);
    delete cell.dataset.key;
  };

  PAGE.set = set;

  // The first screen.
  const sentences = (pairs) => {
    const list = make("ul", "", {className: "plain"});
    for (const [what, said] of pairs) {
      const one = list.appendChild(make("li", ""));
      const link = first.get(what);
      if (link) one.append(link.cloneNode(true), document.createElement("br"), ...dated(said));
      else one.append(make("strong", `${what}.`), ...dated(` ${said}`));
    }
    return list;
  };
  const first = new Map([...document.querySelectorAll("#answer-words a.deal")].map((one) => [decodeURIComponent(one.hash.slice(7)), one.cloneNode(true)]));
  const untested = ({asked, inside}) => {
    const n = inside.filter(Boolean).length;
    if (!n) return [`No event matches ${named(asked)}.`, [["What to do", "Set a filter back to “all”, or press Reset."]]];
    const where = asked.map(([name, value]) => `${name} == '${value.replaceAll("'", "\\'")}'`).join(" and ");
    return [`${many(n, "event")} match${n === 1 ? "es" : ""} ${named(asked)}.`, [
      ["Single moves", "Each stands, with its interval and p, with its announcement below."],
      ["No average", `The study did not test these events by themselves. This command does: reactions report --where "${where}"`]]];
  };
  const answer = (found) => {
    const {spec, window, asked, group, inside} = found;
    const kept = PAGE.d.answers[spec][asked.length ? group : "lead"];
    const [headline, pairs] = kept ? (([head, ...rest]) => [head, rest.flatMap((one, i) => i % 2 ? [] : [[one, rest[i + 1]]])])(cells(text(kept[window]))) : untested(found);
    document.getElementById("answer-title").replaceChildren(...dated(headline));
    document.getElementById("answer-words").replaceChildren(sentences(pairs));
    const figure = document.getElementById("chart-headline");
    const picture = asked.length ? grouped(found) : PAGE.d.pictures[spec];
    figure.hidden = !picture;
    if (picture) PAGE.put(figure, picture);
    const box = document.getElementById("table-answer-windows");
    if (box) box.hidden = Boolean(asked.length) && ![...box.querySelectorAll("[data-row]")].some((row) => inside[parseInt(row.dataset.row)]);
  };
  // An average with two digits where its interval is under half a point wide.
  const fine = (value, wide) => PAGE.draw.signed(value, wide > 0 && wide < 50 ? 2 : 1);
  const fineAt = (one, at) => fine(one.car[at], 2 * one.half[at]);
  const grouped = ({spec, asked, group, label}) => {
    if (asked.length !== 1) return null;
    const [by, value] = asked[0];
    const lines = PAGE.d.windows.flatMap(([name, start], w) => start < 0 ? [] : PAGE.d.averages.forest[spec][by][w]
      .filter(([of]) => of === value).map((one) => [name, ...labelled(spec, by, name, one).slice(1)]));
    const told = lines.map((one) => `${one[0]} ${fine(one[3], one[5] - one[4])}`).join(", ");
    return lines.length ? {...forestOf(lines, `Average abnormal return, ${named([[by, value]])}: ${told}`), note: `${label}; averages weighed by precision, 95% intervals of the headline test`} : null;
  };
  const labelled = (spec, by, name, [group, ...numbers]) => {
    const row = cells(text(PAGE.d.averages.tables[spec][by][`${group}|${name}`])).map((one) => one.replace("*", ""));
    return [`${row[0]} (${row[2]})`, group, `${row[0]}, ${name}, ${row[2]} event${row[2] === "1" ? "" : "s"}, p\u00a0${PAGE.equal(row[8])}: ${row[3].split(" ")[0]}`, ...numbers];
  };
  const forestOf = (lines, title) => ({
    title, alt: `${many(lines.length, "estimate")} with 95% intervals; ${lines.filter(([, , , , low, high]) => low > 0 || high < 0).length} of the intervals leave out zero.`,
    svg: forest(lines, PAGE.d.colours),
    data: {columns: ["", "estimate", "95% low", "95% high", "detail"], values: [0, 3, 4, 5, 2].map((at) => lines.map((one) => at > 2 ? one[at] / 1e4 : one[at]))},
  });
  PAGE.forest = forestOf;

  // Averages.
  const moves = (known, at) => {
    const {event_id, ticker} = PAGE.d.events;
    return {columns: ["event", "ticker", "abnormal return", "p"], values: [known.map((i) => event_id[i]), known.map((i) => ticker[i]), known.map((i) => at.v[i] / 1e3), known.map((i) => at.p[i].replace("*", ""))]};
  };
  const averages = (found, of) => {
    const {spec, window, name, asked, group, inside, label, main, first: usual} = found;
    const own = Object.fromEntries(Object.entries(PAGE.d.averages).map(([key, of]) => [key, of[spec]])), at = of[window];
    const put = (id, picture) => PAGE.put(document.getElementById(`chart-${id}`), usual ? null : picture);
    const said = own.words[group];
    document.getElementById("averages-words").textContent = said ? text(said) : untested(found)[0];
    const note = document.getElementById("averages-filtered");
    note.hidden = !asked.length && main;
    note.textContent = (asked.length ? `Narrowed to ${named(asked)}: the sentence and the first two pictures. Tables and plots by another column are of all events, as the study tested them. ` : "")
      + "The pictures session by session and event by event stay those of the main model and of all events.";
    const {event_id, ticker} = PAGE.d.events, sure = (i) => at.p[i].endsWith("*");
    const known = at.v.flatMap((one, i) => inside[i] && one !== null && at.p[i] !== "–" ? [i] : []);
    const lost = inside.filter(Boolean).length - known.length;
    const strips = document.getElementById("chart-strip");
    strips.hidden = !known.length;
    const {shared, made} = PAGE.draw.piled(known.map((i) => [10 * at.v[i], sure(i), `${event_id[i]}, ${ticker[i]}`]));
    if (known.length) put("strip", {
      title: `${name}: ${whole(known.filter(sure).length)} of ${many(known.length, "move")} beyond noise, ${known.length < 20 ? "fewer than 1" : `about ${whole((0.05 * known.length).toFixed(0))}`} would be by chance`,
      note: `abnormal returns, ${label}: ${shared === 1 ? "a dot an event" : `a dot up to ${whole(shared)} events`}, filled: p below 0.05; n\u00a0=\u00a0${whole(known.length)}${lost ? `; ${whole(lost)} cannot be judged` : ""}`,
      svg: strip(made), data: moves(known, at),
    });
    const one = asked.length === 1 ? (own.paths[asked[0][0]] ?? []).filter(([value]) => value === asked[0][1]) : asked.length ? [] : own.paths.all;
    document.getElementById("chart-average-all").hidden = !one?.length;
    if (one?.length) put("average-all", panelled(one, reached, label, 1));
    for (const by of ["ticker", "role", "kind"]) {
      const other = asked.some(([column]) => column !== by);
      const lines = own.forest[by][window].map((one) => labelled(spec, by, name, one)), parts = own.paths[by] ?? [];
      const apart = lines.filter(([, , , , low, high]) => low > 0 || high < 0).length;
      const title = `${name} by ${{ticker: "ticker", role: "role in the announcement", kind: "kind of announcement"}[by]}: ${apart} of ${many(lines.length, "average")} told apart from zero`;
      put(`forest-${by}`, {...forestOf(lines, title), note: `${label}; 95% intervals of the headline test; in brackets: events, three or more${other ? "; of all events" : ""}`});
      if (parts.length) put(`average-${by}`, panelled(parts, largest, label, 2));
      table(`averages-${by}`, (row) => own.tables[by][row.dataset.row], asked.find(([column]) => column === by)?.[1], label);
    }
  };
  const ends = (one) => ({day: one.first + one.car.length - 1, value: one.car.at(-1), told: fineAt(one, one.car.length - 1), sure: one.half.at(-1) > 0 && Math.abs(one.car.at(-1)) > one.half.at(-1)});
  const onDay = (day) => day > 0 ? `+${day}` : String(day).replace("-", "−");
  const reached = ([one]) => {
    if (!one) return "Average cumulative abnormal return: not known";
    const end = ends(one), zero = -one.first;
    return `Average cumulative abnormal return: ${[...(end.day && one.car[zero] !== undefined ? [`${fineAt(one, zero)} by session 0`] : []), `${end.told} by session ${onDay(end.day)}`].join(" and ")}`;
  };
  const largest = (panels) => {
    if (!panels.length) return "No group has an average path";
    const found = panels.map((one) => ({...ends(one), label: one.name})), order = [...found].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 2);
    return `By session ${onDay(Math.max(...found.map((one) => one.day)))}, ${found.filter((one) => one.sure).length} of ${many(found.length, "average")} told apart from zero; largest: ${order.map((one) => `${one.label} ${one.told}`).join(" and ")}`;
  };
  const panelled = (found, titled, label, columns) => {
    const panels = found.map(([group, told, n, day, car, half]) => ({label: `${told.length > 20 ? `${told.slice(0, 19)}…` : told} (n = ${whole(n)})`, name: told, group, colour: PAGE.d.colours[group] ?? "c0", first: day, car: run(car), half: run(half)})).filter((one) => one.car.length);
    const flat = (of) => panels.flatMap((one) => one.car.map((v, i) => of(one, v, i))), title = titled(panels);
    return {
      title, note: `${label}, events weighed by their precision, by session from the announcement; ${panels.some((one) => one.half.some(Boolean)) ? "bands: 95% intervals of the headline test" : "no interval: the test needs three events"}`, alt: `${title}: ${panels.map((one) => `${one.label} ${PAGE.draw.signed(one.car.at(-1))}`).join("; ")}.`, svg: paths(panels, Math.min(columns, panels.length), 150, false),
      data: {columns: ["group", "day", "average cumulative abnormal return", "95% low", "95% high"], values: [flat((one) => one.group), flat((one, _, i) => one.first + i), flat((_, v) => v / 1e4), flat((one, v, i) => (v - one.half[i]) / 1e4), flat((one, v, i) => (v + one.half[i]) / 1e4)]},
    };
  };
  const table = (id, packedOf, only, label) => {
    const box = document.getElementById(`table-${id}`);
    if (!box) return;
    caption(box, label);
    for (const row of box.querySelectorAll("tbody tr")) {
      const packed = packedOf(row);
      if (packed) cells(text(packed)).forEach((one, i) => set(row.cells[i], one));
      else [...row.cells].slice(2).forEach((one) => set(one, "–"));
      out(row, only && row.dataset.row.split("|").slice(0, -1).join("|") !== only);
    }
    PAGE.sift.get(box.id)?.();
  };
  const out = (one, off) => { if (off) one.dataset.off = ""; else delete one.dataset.off; };
  const caption = (box, label) => {
    const told = box.querySelector("caption");
    const base = told.dataset.base ??= PAGE.d.specs.reduce((all, [, , spec]) => all.replace(`, ${spec}`, ""), told.textContent);
    told.textContent = `${base}, ${label}`;
    box.querySelector(".scroll").setAttribute("aria-label", told.textContent);
  };

  // Tests, and the choice of models.
  const tests = ({spec, label, main, asked}) => {
    const box = document.getElementById("table-tests-main");
    if (!box) return;
    caption(box, label);
    [...box.querySelectorAll("tbody tr")].forEach((row, i) => cells(text(PAGE.d.tests[spec][i] ?? "")).forEach((one, j) => set(row.cells[j], one)));
  };
  const choices = ({m, b, name}) => {
    const told = `${m.replaceAll("_", "-")}${b ? `, ${b}` : ""}`;
    for (const figure of document.querySelectorAll('#choices figure[id^="chart-choices-"]')) {
      figure.classList.toggle("chosen", figure.querySelector("strong").textContent.startsWith(`${name} `));
      for (const one of figure.querySelectorAll("text")) one.classList.toggle("k", one.textContent.endsWith(`: ${told}`));
    }
  };

  // Events, one by one.
  const columns = ({spec}) => PAGE.d.windows.map((_, w) => {
    const of = Object.fromEntries(["r", "t", "p", "q", "m", "f"].map((key) => [key, cells(PAGE.d.own[key][spec][w] || PAGE.d.own[key][0][w])]));
    const [v, a, k] = ["v", "a", "k"].map((key) => PAGE.d.own[key][spec][w]), told = (one) => PAGE.draw.signed(10 * one);
    of.v = v;
    of.c = v.map((one, i) => one === null ? "–" : told(one) + (of.p[i].endsWith("*") ? "*" : ""));
    of.i = v.map((one, i) => one === null ? "–" : a[i] === null ? told(one) : `${told(one)} [${told(one - a[i])}, ${told(one + a[i] + k[i])}]`);
    of.o = spec ? [] : cells(PAGE.d.own.o[w]);
    return of;
  });
  const apart = (whole) => whole.map((one, j) => one - (j ? whole[j - 1] : 0));
  const coarse = (found) => apart(run(found).map((one) => Math.floor((one + 5) / 10)));
  const path = (spec, i) => {
    const [first, one] = [PAGE.d.paths[0][i], PAGE.d.paths[spec][i]];
    if (!one?.length) return null;
    if (!spec) return {first: one[0], car: run(one[1]), half: run(one[2])};
    const [day, car, half] = one.length === 3 ? one : [first[0], ...[0, 1].map((at) => coarse(first[at + 1]).map((v, j) => v + one[at][j]))];
    return {first: day, car: run(car).map((v) => 10 * v), half: run(half).map((v) => 10 * v)};
  };
  // The data behind the picture of an announcement's paths, and of a large catalog's strip: those of the events, not kept twice.
  PAGE.behind = (figure) => {
    if (figure.id === "chart-strip") {
      const [at] = columns({spec: 0});
      return moves(at.v.flatMap((one, i) => one !== null && at.p[i] !== "–" ? [i] : []), at);
    }
    const id = figure.closest("details").id.slice(6), {event_id, ticker} = PAGE.d.events;
    const own = event_id.flatMap((one, i) => one === id && path(0, i) ? [[ticker[i], path(0, i)]] : []);
    const flat = (take) => own.flatMap(([name, one]) => one.car.map((v, i) => take(name, one, v, i)));
    return {columns: ["ticker", "day", "cumulative abnormal return", "95% band, plus or minus"], values: [flat((name) => name), flat((_, one, v, i) => one.first + i), flat((_, one, v) => v / 1e4), flat((_, one, v, i) => one.half[i] / 1e4)]};
  };
  const events = (found, of) => {
    const {spec, window, inside, label, name} = found, box = document.getElementById("table-events-table");
    if (!box) return;
    const fit = PAGE.d.own.fit[spec].map(cells), heads = [...box.querySelectorAll("thead th")].map((one) => one.textContent);
    const at = Object.fromEntries(heads.map((head, i) => [head, i]));
    box.querySelector("caption").textContent = `Return over ${name}, then abnormal returns, ${label}`;
    box.querySelector(".note").textContent = `alpha, beta, sigma, R², n: of the fit to the ordinary days before, a session. p: that of ${name}. Bold: p below 0.05 for that event and window taken alone.`;
    for (const row of box.querySelectorAll("tbody tr")) {
      const i = Number(row.dataset.row);
      set(row.cells[at.return], of[window].r[i]);
      PAGE.d.windows.forEach(([one], w) => { if (one in at) set(row.cells[at[one]], of[w].c[i]); });
      set(row.cells[at.p], of[window].p[i]);
      ["alpha", "beta", "sigma", "R²", "n"].forEach((one, j) => set(row.cells[at[one]], fit[j][i]));
      set(row.cells[at.flags], of[window].f[i]);
      out(row, !inside[i]);
    }
    PAGE.sift.get(box.id)?.();
  };
  const lines = (found, of, box) => {
    if (!box) return;
    caption(box, found.label);
    const heads = [...box.querySelectorAll("thead th")].map((one) => one.textContent), start = heads.indexOf("return");
    for (const row of box.querySelectorAll("tbody tr")) {
      const [i, w] = row.dataset.row.split(".").map(Number), own = of[w];
      [own.r[i], own.i[i], own.t[i], own.p[i], own.q[i], own.o?.[i] ?? "–", own.m[i]].forEach((one, j) => set(row.cells[start + j], one));
      heads.forEach((head, j) => {
        if (!head.startsWith("vs ")) return;
        const other = PAGE.d.specs.findIndex(([model, benchmark]) => model === found.m && benchmark === head.slice(3));
        set(row.cells[j], other < 0 ? "–" : (beside[other] ??= columns({spec: other}))[w].c[i].replace("*", ""));
      });
      row.classList.toggle("on", w === found.window);
      row.hidden = !found.inside[i];
    }
  };
  const beside = {};
  const announcements = (found, of) => {
    const {window, inside, asked} = found, {event_id, ticker} = PAGE.d.events, places = new Map();
    event_id.forEach((id, i) => places.set(id, [...(places.get(id) ?? []), i]));
    for (const one of document.querySelectorAll("details.announcement")) {
      const own = places.get(one.id.slice(6)) ?? [];
      out(one, asked.length && !own.some((i) => inside[i]));
      if (!own.length) continue;
      const note = one.querySelector("summary .note"), known = own.filter((i) => of[window].c[i] !== "–");
      const date = note.dataset.date ??= note.textContent.split(" · ")[0];
      note.textContent = `${date} · ${known.slice(0, 4).map((i) => `${ticker[i]} ${of[window].c[i].replace("*", "")}`).join(", ")}`;
      if (one.open) detail(found, of, one, own); else { one.dataset.stale = ""; one.waiting = () => detail(found, of, one, own); }
    }
    PAGE.look();
  };
  const detail = (found, of, one, own) => {
    delete one.dataset.stale;
    lines(found, of, one.querySelector('[id^="table-windows-"]'));
    const figure = one.querySelector('[id^="chart-car-"]');
    if (!figure) return;
    const shown = own.filter((i) => found.inside[i] && path(found.spec, i)?.car.length);
    if (found.spec === 0 && shown.length === own.length) { PAGE.put(figure, null); return; }
    if (!shown.length) return;
    const panels = shown.map((i) => ({label: PAGE.d.events.ticker[i], colour: PAGE.d.colours[PAGE.d.events.ticker[i]] ?? "c0", marks: PAGE.d.rivals[i], ...path(found.spec, i)}));
    const most = panels.map((one) => Math.max(...one.car.map((v, i) => Math.abs(v) + one.half[i]))), apart = Math.max(...most) > 8 * Math.min(...most);
    const flat = (take) => panels.flatMap((one) => one.car.map((v, i) => take(one, v, i)));
    PAGE.put(figure, {
      title: `Abnormal returns over ${found.name}: ${shown.map((i) => `${PAGE.d.events.ticker[i]} ${of[found.window].c[i].replace("*", "")}`).join(", ")}`,
      note: `cumulated by session, ${found.label}; 95% band of ordinary volatility${panels.some((one) => one.marks) ? "; ◆ other news of the share" : ""}${apart ? "; each ticker has its own scale" : ""}`,
      svg: paths(panels, 1, 130, apart),
      data: {columns: ["ticker", "day", "cumulative abnormal return", "95% band, plus or minus"], values: [flat((one) => one.label), flat((one, _, i) => one.first + i), flat((_, v) => v / 1e4), flat((one, _, i) => one.half[i] / 1e4)]},
    });
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.waiting) { event.target.waiting(); event.target.waiting = null; }
  }, true);

  PAGE.columns = columns;
  PAGE.fill = (found) => {
    const of = columns(found);
    answer(found);
    lines(found, of, document.getElementById("table-answer-windows"));
    if (document.getElementById("averages-words")) averages(found, of);
    tests(found);
    choices(found);
    events(found, of);
    announcements(found, of);
    PAGE.compare?.();
    const n = found.inside.filter(Boolean).length, told = document.getElementById("matching");
    told.hidden = !found.asked.length;
    told.replaceChildren(n ? `${capital(named(found.asked))}: ${whole(n)} of ${many(found.inside.length, "event")}. ` : `No event matches ${named(found.asked)}. `, make("button", "Show all events", {type: "button", onclick: () => PAGE.clear()}));
  };
})();
