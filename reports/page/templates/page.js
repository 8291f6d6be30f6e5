"use strict";
// Charts are drawn when they come into view, and all of them before printing; tables sort and filter.
// For tests and tools: window.reactions.drawAll() resolves when every chart stands; .drawn and .total count them.
(() => {
  const WIDTH_IN_PRINT = 670;
  const figures = [...document.querySelectorAll("figure.chart")];
  const drawn = new Map();
  const data = (figure) => JSON.parse(figure.querySelector("script").textContent);

  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const colour = (token, night) => {
    const [name, opacity] = token.slice(1).split("/");
    const hex = window.TOKENS[name][night ? 1 : 0];
    if (opacity === undefined) return hex;
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    return `rgba(${r},${g},${b},${opacity})`;
  };
  const isToken = (text) => /^@[a-z]+[0-9]*(\/[0-9.]+)?$/.test(text);
  const painted = (value, night) => {
    if (typeof value === "string") return isToken(value) ? colour(value, night) : value;
    if (Array.isArray(value)) return value.map((one) => painted(one, night));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, painted(one, night)]));
    }
    return value;
  };
  const layout = (own, night) => painted({
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true, dragmode: false,
    font: {family: getComputedStyle(document.documentElement).getPropertyValue("--sans"), size: 12, color: "@muted"},
    hoverlabel: {bgcolor: "@paper", bordercolor: "@muted", font: {color: "@ink"}}, ...own,
  }, night);
  const CONFIG = {displayModeBar: false, responsive: true, showTips: false};

  const draw = async (figure, night = dark()) => {
    const place = figure.querySelector(".plot");
    const chart = data(figure);
    await Plotly.react(place, painted(chart.data, night), layout(chart.layout, night), CONFIG);
    place.style.minHeight = "0";
    drawn.set(figure, night);
    figure.dataset.drawn = "true";
  };
  const visible = (figure) => figure.getClientRects().length > 0;
  const watcher = new IntersectionObserver((seen) => {
    for (const {isIntersecting, target} of seen) {
      if (isIntersecting && !drawn.has(target)) draw(target);
    }
  }, {rootMargin: "400px 0px"});
  figures.forEach((figure) => watcher.observe(figure));

  const openAll = () => document.querySelectorAll("details").forEach((one) => { one.open = true; });
  window.reactions = {
    total: figures.length,
    get drawn() { return drawn.size; },
    drawAll: async () => {
      openAll();
      await Promise.all(figures.filter((figure) => !drawn.has(figure)).map((figure) => draw(figure)));
      return drawn.size;
    },
  };

  // Theme: system, light, dark.
  const button = document.getElementById("theme");
  const themes = ["system", "light", "dark"];
  const repaint = () => drawn.forEach((night, figure) => { if (visible(figure) && night !== dark()) draw(figure); });
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const next = themes[(themes.indexOf(root.dataset.theme || "system") + 1) % 3];
    if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
    button.textContent = `Theme: ${next}`;
    repaint();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  document.addEventListener("toggle", (event) => {
    if (!event.target.open) return;
    event.target.querySelectorAll("figure.chart[data-drawn]").forEach((figure) => {
      if (visible(figure)) { if (drawn.get(figure) !== dark()) draw(figure); else Plotly.Plots.resize(figure.querySelector(".plot")); }
    });
  }, true);

  // Printing: everything open, drawn in light colours at the width of the paper.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    openAll();
    for (const figure of figures) {
      const place = figure.querySelector(".plot");
      const chart = data(figure);
      place.style.minHeight = "0";
      Plotly.react(place, painted(chart.data, false), {...layout(chart.layout, false), width: WIDTH_IN_PRINT, autosize: false}, CONFIG);
      drawn.set(figure, false);
      figure.dataset.drawn = "true";
    }
  });
  addEventListener("afterprint", () => {
    closed.forEach((one) => { one.open = false; });
    figures.filter(visible).forEach((figure) => draw(figure));
  });

  // Saving, and the data behind a chart.
  const save = (url, name) => Object.assign(document.createElement("a"), {href: url, download: name}).click();
  const cell = (value) => {
    let text = value === null ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const csv = ({columns, rows}) => [columns, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
  const shown = (value) => typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(6).replace(/\.?0+$/, "") : value ?? "–";
  const table = (figure) => {
    const {columns, rows} = data(figure);
    const box = Object.assign(document.createElement("div"), {className: "scroll data", tabIndex: 0});
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "The data of the chart");
    box.style.maxHeight = "20rem";
    box.style.overflow = "auto";
    const made = box.appendChild(document.createElement("table"));
    made.createCaption().textContent = figure.querySelector("figcaption strong").textContent;
    const head = made.createTHead().insertRow();
    columns.forEach((name) => head.appendChild(Object.assign(document.createElement("th"), {scope: "col", textContent: name})));
    const body = made.createTBody();
    rows.forEach((row) => {
      const line = body.insertRow();
      row.forEach((value) => Object.assign(line.insertCell(), {textContent: shown(value), className: typeof value === "number" ? "n" : ""}));
    });
    return box;
  };
  const ACTIONS = {
    csv: (figure) => {
      const url = URL.createObjectURL(new Blob([csv(data(figure))], {type: "text/csv"}));
      save(url, `${figure.id}.csv`);
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    },
    table: (figure, pressed) => {
      const open = figure.querySelector(".data");
      if (open) open.remove(); else figure.append(table(figure));
      pressed.setAttribute("aria-expanded", String(!open));
    },
  };
  for (const format of ["svg", "png"]) {
    ACTIONS[format] = async (figure) => {
      const chart = data(figure);
      const width = figure.clientWidth;
      const own = {...layout(chart.layout, false), paper_bgcolor: "#ffffff", width, autosize: false};
      const title = figure.querySelector("figcaption strong").textContent;
      own.title = {text: title.replaceAll("<", "&lt;"), font: {size: 14}, x: 0.01, xanchor: "left"};
      own.margin = {...own.margin, t: own.margin.t + 34};
      own.height += 34;
      save(await Plotly.toImage({data: painted(chart.data, false), layout: own}, {format, width, height: own.height, scale: 2}), `${figure.id}.${format}`);
    };
  }
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-action]");
    if (pressed) ACTIONS[pressed.dataset.action](pressed.closest("figure"), pressed);
  });
  document.getElementById("open-all")?.addEventListener("click", openAll);

  // A link into a closed part opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const box = target?.closest("details");
    if (box) { box.open = true; box.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Tables.
  const ordered = (a, b) => {
    if (a === b) return 0;
    if (a === "") return 1;
    if (b === "") return -1;
    return isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
  };
  document.querySelectorAll(".table.sortable").forEach((box) => {
    const body = box.querySelector("tbody");
    const rows = [...body.rows];
    const heads = [...box.querySelectorAll("thead th")];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((one) => one.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent;
      const last = (row) => key(row) === "";
      rows.sort((a, b) => last(a) || last(b) ? last(a) - last(b) : (down ? -1 : 1) * ordered(key(a), key(b)));
      body.append(...rows);
    }));
    const count = box.querySelector("output");
    box.querySelector("input").addEventListener("input", (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        left += !row.hidden;
      });
      count.textContent = left === rows.length ? `${left} rows` : `${left} of ${rows.length} rows`;
    });
  });
})();
