"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const body = document.getElementById("rows"), more = document.getElementById("more");
  const search = document.getElementById("search"), tier = document.getElementById("tier");
  const least = document.getElementById("least"), sure = document.getElementById("sure");
  const page = 200;
  let key = "n", up = true, shown = page, found = data;
  for (const row of data) row.all = [row.d, row.c, row.t, row.i, row.h, ...(row.r || []), ...(row.w || [])].join(" ").toLowerCase();
  const order = [];
  for (const row of data) if (!order.includes(row.t)) order.push(row.t);
  for (const name of order) tier.append(new Option(name, name));
  const number = (value) => (value === undefined || value === null ? "" : String(Math.round(value * 10) / 10));
  const cell = (text, kind) => { const td = document.createElement("td"); td.textContent = text; if (kind) td.className = kind; return td; };
  const value = (row) => {
    if (key === "t") return order.indexOf(row.t);
    if (key === "e") { const first = /[0-9][0-9,]*/.exec(row.e || ""); return first ? Number(first[0].replace(/,/g, "")) : -1; }
    return row[key];
  };
  const missing = (found) => found === undefined || found === null || found === "" || (key === "e" && found < 0);
  const compare = (a, b) => {
    const x = value(a), y = value(b);
    if (missing(x) || missing(y)) return missing(x) - missing(y) || a.n - b.n;  // what is not known stands last, either way
    const way = typeof x === "string" || typeof y === "string" ? String(x).localeCompare(String(y)) : x - y;
    return (up ? way : -way) || a.n - b.n;
  };
  const list = (title, entries) => {
    const box = document.createElement("div");
    if (!entries || !entries.length) return box;
    const heading = document.createElement("b"), items = document.createElement("ul");
    heading.textContent = title;
    for (const entry of entries) { const li = document.createElement("li"); li.textContent = entry; items.append(li); }
    box.append(heading, items);
    return box;
  };
  const link = (row, text) => { const a = document.createElement("a"); a.href = row.l; a.textContent = text; a.rel = "noopener"; return a; };
  const detail = (row) => {
    const tr = document.createElement("tr"), td = document.createElement("td");
    tr.className = "detail";
    td.colSpan = 9;
    if (row.x) { const p = document.createElement("p"); p.textContent = row.x; td.append(p); }
    if (row.z) { const p = document.createElement("p"); p.textContent = "Reading ended early: " + row.z; td.append(p); }
    td.append(list("Why", row.r), list("Why now", row.w), list("Still open", row.q));
    if (row.l) td.append(link(row, "Open the report with every quote"));
    tr.append(td);
    return tr;
  };
  const draw = () => {
    body.replaceChildren();
    for (const row of found.slice(0, shown)) {
      const tr = document.createElement("tr"), account = cell(""), name = document.createElement("bdi"), report = cell("");
      tr.className = "account";
      tr.tabIndex = 0;
      tr.setAttribute("aria-expanded", "false");
      name.textContent = row.c || row.d;  // a name written from right to left must not turn the domain beside it round
      account.append(name);
      if (row.c) { const small = document.createElement("small"); small.textContent = " " + row.d; account.append(small); }
      if (row.l) report.append(link(row, "open"));
      tr.append(cell(String(row.n)), account, cell(row.t + (row.u ? " (not certain)" : "")), cell(number(row.s), "num"),
        cell(number(row.p), "num"), cell(row.v === undefined || row.v === null ? "" : Math.round(row.v * 100) + " %", "num"),
        cell(row.i || ""), cell(row.e || ""), report);
      const toggle = () => {
        const open = tr.nextSibling && tr.nextSibling.className === "detail";
        if (open) tr.nextSibling.remove(); else tr.after(detail(row));
        tr.setAttribute("aria-expanded", String(!open));
      };
      tr.addEventListener("click", (event) => { if (event.target.tagName !== "A") toggle(); });
      tr.addEventListener("keydown", (event) => {
        if (event.target !== tr || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        toggle();
      });
      body.append(tr);
    }
    more.hidden = found.length <= shown;
    document.getElementById("shown").textContent = found.length.toLocaleString("en") + " of " + data.length.toLocaleString("en") + " accounts";
  };
  const update = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean), floor = Number(least.value) || 0;
    found = data.filter((row) => words.every((word) => row.all.includes(word)) && (!tier.value || row.t === tier.value)
      && (!floor || (row.s || 0) >= floor) && (!sure.checked || (row.u === 0)));
    found.sort(compare);
    shown = page;
    draw();
  };
  for (const button of document.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
      up = key === button.dataset.key ? !up : !["s", "p", "v"].includes(button.dataset.key);
      key = button.dataset.key;
      for (const th of document.querySelectorAll("th")) th.removeAttribute("aria-sort");
      button.parentElement.setAttribute("aria-sort", up ? "ascending" : "descending");
      update();
    });
  }
  for (const input of [search, tier, least, sure]) input.addEventListener("input", update);
  document.getElementById("tools").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("tools").hidden = false;
  more.addEventListener("click", () => { shown += page; draw(); });
  update();
})();
