"use strict";
// The pictures that follow the control, drawn as the page's own: strip, forest plot, paths. Numbers are basis points.
(() => {
  const W = 460, KEY = 8;
  const clean = (text) => String(text).replace(/[&<>"]/g, (one) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[one]);
  const f = (value) => String(Math.round(value * 10) / 10);
  const signed = (points, digits = 1) => {
    const text = Math.abs(points / 100).toFixed(digits);
    return `${+text === 0 ? "" : points < 0 ? "−" : "+"}${text.replace(/^\d+/, PAGE.whole)}%`;
  };
  const step = (rough) => {
    if (!(rough > 0)) return 1;
    const base = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map((by) => by * base).find((one) => one >= rough * 0.999);
  };
  const ticks = (low, high, most) => {
    const by = step((high - low) / most), found = [];
    const digits = Math.max(0, -Math.floor(Math.log10(by) - 2 + 1e-9));
    for (let i = Math.ceil(low / by - 1e-9); i <= Math.floor(high / by + 1e-9); i += 1) found.push([i * by, i ? signed(i * by, digits) : "0%"]);
    return found;
  };
  const wide = (labels) => Math.max(0, ...labels.map((one) => 6.6 * one.length + 3.5 * (one.match(/[%+−@mw]/g) ?? []).length + 1.4 * (one.match(/\p{Lu}/gu) ?? []).length));
  const spanned = (values) => {
    let low = Math.min(0, ...values), high = Math.max(0, ...values);
    if (low === high) [low, high] = [-50, 50];
    const air = 0.06 * (high - low);
    return [low - air, high + air];
  };
  const scale = (low, high, start, end) => (value) => start + (value - low) / (high - low) * (end - start);
  const upright = (found, at, top, bottom, texts = true) => (texts ? found.map(([v, text]) => `<text class="m" x="${f(at(v))}" y="${f(bottom + 14)}">${text}</text>`).join("") : "")
    + `<path class="g" d="${found.filter(([v]) => v).map(([v]) => `M${f(at(v))} ${f(top)}V${f(bottom)}`).join("")}"/>`
    + (found.some(([v]) => !v) ? `<path class="z" d="M${f(at(0))} ${f(top)}V${f(bottom)}"/>` : "");
  const level = (found, at, left, right) => found.map(([v, text]) => `<text class="e" x="${f(left - 5)}" y="${f(at(v) + 4)}">${text}</text>`).join("")
    + `<path class="g" d="${found.filter(([v]) => v).map(([v]) => `M${f(left)} ${f(at(v))}H${f(right)}`).join("")}"/><path class="z" d="M${f(left)} ${f(at(0))}H${f(right)}"/>`;
  const simulated = (height) => PAGE.d.simulated ? `<text class="m" x="${W / 2}" y="${f(height - 3)}" font-size="10">${PAGE.d.simulated}</text>` : "";
  const whole = (height, inner) => `<svg viewBox="0 0 ${W} ${height}">${inner}${simulated(height)}</svg>`;

  const ROWS = 9, COLUMNS = 100;
  // Dots above one another in columns; of more than there is room for each stands for up to `shared` events: [value, row, stands out, words].
  const piled = (dots) => {
    const least = dots.reduce((low, [v]) => Math.min(low, v), Infinity), most = dots.reduce((high, [v]) => Math.max(high, v), -Infinity);
    const width = Math.max((most - least) / COLUMNS, 1e-5), columns = new Map();
    for (const one of dots) {
      const at = Math.floor((one[0] - least) / width);
      if (!columns.has(at)) columns.set(at, []);
      columns.get(at).push(one);
    }
    if (dots.length <= ROWS * COLUMNS) return {shared: 1, made: [...columns.values()].flatMap((own) => own.map(([v, sure, told], i) => [v, i % ROWS, sure, told]))};
    const counts = [...columns].map(([at, own]) => [at, own.length, own.filter(([, sure]) => sure).length]);
    const high = (n, sure, shared) => Math.ceil(sure / shared) + Math.ceil((n - sure) / shared);
    let shared = 1;
    while (counts.some(([, n, sure]) => high(n, sure, shared) > ROWS)) shared += 1;
    return {shared, made: counts.flatMap(([at, n, sure]) => Array.from({length: high(n, sure, shared)}, (_, i) => [least + (at + 0.5) * width, i, i < Math.ceil(sure / shared), `${PAGE.many(n, "event")}, ${PAGE.whole(sure)} with p below 0.05`]))};
  };
  const strip = (dots) => {  // [value, row, stands out, words]
    const [low, high] = spanned(dots.map(([v]) => v)), at = scale(low, high, KEY + 4, W - 12);
    const made = dots.map(([v, n, sure, told]) => {
      return `<circle class="${sure ? "f-c0" : "f-muted"}"${sure ? "" : ' fill-opacity="0.45"'} cx="${f(at(v))}" cy="${f(149.8 - 12.2 * n)}" r="3.5"><title>${clean(told)}: ${signed(v)}</title></circle>`;
    });
    return whole(PAGE.d.simulated ? 214 : 200, upright(ticks(low, high, 6), at, 28, 162) + `<text class="m" x="${W / 2}" y="193">abnormal return</text>` + made.join(""));
  };

  const forest = (lines, colours) => {  // [label, group, words, value, low, high]
    const height = 70 + 26 * lines.length, bottom = height - 38, room = (bottom - 28) / Math.max(lines.length + 0.2, 1);
    const left = Math.min(190, 8 + wide(lines.map(([label]) => label)));
    const [low, high] = spanned(lines.flatMap((one) => one.slice(3))), at = scale(low, high, left, W - 12);
    const found = ticks(low, high, 4);
    const made = lines.map(([label, group, told, v, from, to], i) => {
      const y = 28 + room * (i + 0.6);
      return `<text class="e" x="${f(left - 5)}" y="${f(y + 4)}">${clean(label.length > 34 ? `${label.slice(0, 33)}…` : label)}</text>`
        + `<path class="i s-muted" d="M${f(at(from))} ${f(y)}H${f(at(to))}M${f(at(from))} ${f(y - 3)}v6M${f(at(to))} ${f(y - 3)}v6"/>`
        + `<circle class="f-${colours[group] ?? "c0"}" cx="${f(at(v))}" cy="${f(y)}" r="4"><title>${clean(told)}</title></circle>`;
    });
    return whole(height, upright(found, at, 28, bottom) + made.join(""));
  };

  const run = (values) => { let sum = 0; return values.map((one) => sum += one); };
  const line = (x, y, values, first) => values.map((v, i) => `${i ? "L" : "M"}${f(x(first + i))} ${f(y(v))}`).join("");
  const around = (x, y, values, half, first) => `${line(x, y, values.map((v, i) => v - half[i]), first)}${values.map((_, i) => values.length - 1 - i).map((i) => `L${f(x(first + i))} ${f(y(values[i] + half[i]))}`).join("")}Z`;
  // Panels of paths: {label, colour, first, car, half, bars?, marks?}; `columns` beside one another, on a common scale unless `own`.
  const paths = (panels, columns, room, own) => {
    const rows = Math.ceil(panels.length / columns), height = 34 + room * rows;
    const reached = panels.map((one) => one.car.flatMap((v, i) => [v - one.half[i], v + one.half[i]]).concat(one.bars ?? []));
    const spans = own ? reached.map(spanned) : panels.map(() => spanned(reached.flat()));
    const left = KEY + 8 + wide(spans.flatMap(([low, high]) => ticks(low, high, 4).map(([, text]) => text)));
    const across = (W - 12 - left) / columns;
    const first = Math.min(...panels.map((one) => one.first)), last = Math.max(...panels.map((one) => one.first + one.car.length - 1));
    return whole(height, panels.map((one, i) => {
      const x0 = left + (i % columns) * across + (i % columns ? 6 : 0), x1 = left + (i % columns + 1) * across - 6;
      const top = 24 + room * Math.floor(i / columns), bottom = top + room - 40;
      const x = scale(first, last, x0, x1), y = scale(...spans[i], bottom, top);
      const days = [];
      for (let day = Math.ceil(first / 10) * 10; day <= last; day += 10) days.push([day, String(day).replace("-", "−")]);
      const bars = (one.bars ?? []).map((v, j) => `<path stroke-width="3" stroke-opacity="0.45" class="s-${one.colour}" d="M${f(x(one.first + j))} ${f(y(0))}V${f(y(v))}"/>`).join("");
      const marks = (one.marks ?? []).filter(([day]) => day >= one.first && day < one.first + one.car.length).map(([day, told]) => {
        const [cx, cy] = [x(day), y(one.car[day - one.first])];
        return `<path class="f-ink" d="M${f(cx)} ${f(cy - 4.5)}L${f(cx + 4.5)} ${f(cy)}L${f(cx)} ${f(cy + 4.5)}L${f(cx - 4.5)} ${f(cy)}Z"><title>day ${String(day).replace("-", "−")}: ${clean(told)}</title></path>`;
      }).join("");
      return `<text class="f-ink" font-weight="600" x="${f(x0 + 2)}" y="${f(top - 8)}">${clean(one.label)}</text>` + level(i % columns ? ticks(...spans[i], 4).map(([v]) => [v, ""]) : ticks(...spans[i], 4), y, x0, x1)
        + upright(days.map(([day, text]) => [day || 1e-9, text]), x, top, bottom) + `<path class="v" d="M${f(x(-0.5))} ${f(top)}V${f(bottom)}"/>`
        + `<path class="f-${one.colour}" fill-opacity="0.14" d="${around(x, y, one.car, one.half, one.first)}"/>${bars}<path class="l s-${one.colour}" d="${line(x, y, one.car, one.first)}"/>${marks}`;
    }).join(""));
  };
  PAGE.draw = {piled, strip, forest, paths, run, signed};

  // No line ends within a date, or within 5-day.
  PAGE.dated = (said) => said.split(/(\b(?:\d{4}-\d\d-\d\d|\d+-(?:day|week|month|year))\b(?!-))/)
    .map((one, i) => i % 2 ? Object.assign(document.createElement("span"), {textContent: one, className: "d"}) : one);

  // A figure shows another picture, or its own again.
  const first = new WeakMap();
  PAGE.put = (figure, picture) => {
    if (!figure) return;
    const [title, note, plot] = ["figcaption strong", "figcaption .note", ".plot"].map((one) => figure.querySelector(one));
    if (!first.has(figure)) first.set(figure, {title: title.textContent, note: note?.textContent, alt: plot.getAttribute("aria-label"), svg: plot.innerHTML});
    const shown = picture ?? first.get(figure);
    title.replaceChildren(...PAGE.dated(shown.title));
    if (note) note.textContent = shown.note ?? "";
    plot.setAttribute("aria-label", shown.alt ?? shown.title);
    plot.innerHTML = shown.svg;
    if (picture) PAGE.redrawn.set(figure, picture.data); else PAGE.redrawn.delete(figure);
    PAGE.shut(figure);
  };
})();
