/* fzsearch: the basket (摘录篮), kept in this browser only, under one key, as the JSON of format 1.
   - any page: [data-add] puts passages into it, a selection in a report becomes a quotation, the header counts
   - /brief: orders go to the server, which changes and shows the basket and keeps nothing; here it is stored,
     undone, dragged, and told apart from a basket that came by a link or a file
   An order is carried out on what is stored, and its result is stored only if nothing else was meanwhile, so that
   several tabs lose nothing. Without storage all of it is the plain form. */
(() => {
  "use strict";

  if (!window.fzsearch || !window.fetch || !window.DOMParser || !window.FormData) return;
  const { one, all, make, say, tell, dressUp } = window.fzsearch;
  const KEY = "fzsearch.basket", STEPS = "fzsearch.steps", MAX_ITEMS = 500, MAX_STEPS = 30, MAX_TEXT = 20000;
  const MAX_CHARS = 600000;  // what a form of the server takes, every text in it twice
  const EMPTY = '{"fzsearch":1,"title":"","search":"","items":[]}';
  const NATIVE = /^(open|file|export )/;  // what the browser itself does with a form: files

  /* ---- keeping ---- */

  let canRead = true;
  try { localStorage.getItem(KEY); } catch (problem) { canRead = false; }

  function stored() { return localStorage.getItem(KEY) || EMPTY; }

  function parsed(text) {
    try {
      const basket = JSON.parse(text);
      return Array.isArray(basket.items) ? basket : JSON.parse(EMPTY);
    } catch (problem) { return JSON.parse(EMPTY); }
  }

  function keep(text) {
    let isKept = text.length <= MAX_CHARS;
    if (!isKept) {
      warn("没有存下：摘录篮太大了。请“存为文件”，清空以后另起一份。");
      return false;
    }
    try { localStorage.setItem(KEY, text); } catch (problem) { isKept = false; }
    if (isKept) count();
    else warn("没有存下：浏览器给网站的存储满了，或者不许存（隐私窗口）。请在摘录篮里“存为文件”，移出一些再试。");
    return isKept;
  }

  function warn(words) {
    const said = make("p", { class: "note warn unkept", role: "alert" }, words), wrap = one("main .wrap");
    all(".unkept").forEach((node) => { node.remove(); });
    wrap.insertBefore(said, wrap.firstChild);
    said.scrollIntoView({ block: "nearest" });
  }

  /* Steps of this tab, [before, after, field]: one is undone only while the basket still is what it left behind. */
  function steps() {
    try { return JSON.parse(sessionStorage.getItem(STEPS)) || { past: [], future: [] }; } catch (problem) { return { past: [], future: [] }; }
  }

  function keepSteps(all_) {
    all_.past = all_.past.slice(-MAX_STEPS);
    try { sessionStorage.setItem(STEPS, JSON.stringify(all_)); } catch (problem) { sessionStorage.removeItem(STEPS); }
  }

  /** Store a change; typing in one field is one step. */
  function commit(before, after, field) {
    if (after === before) return true;
    if (!keep(after)) return false;
    const all_ = steps(), last = all_.past[all_.past.length - 1];
    if (field && last && last[2] === field && last[1] === before) last[1] = after;
    else all_.past.push([before, after, field || ""]);
    all_.future = [];
    keepSteps(all_);
    return true;
  }

  /** The same basket, better known by the server: no step of its own. */
  function settle(before, after) {
    if (after === before || !keep(after)) return;
    const all_ = steps();
    [...all_.past, ...all_.future].forEach((step) => {
      [0, 1].forEach((side) => { if (step[side] === before) step[side] = after; });
    });
    keepSteps(all_);
  }

  function step(from, to, by) {  // by 0: back to what was before; by 1: forth again
    const all_ = steps(), last = all_[from].pop();
    if (!last || last[1 - by] !== stored() || !keep(last[by])) return say(by ? "没有可重做的" : "没有可撤销的");
    all_[to].push(last);
    keepSteps(all_);
    return ask("save", {}, by ? "已重做" : "已撤销");
  }

  /* ---- any page: counting, adding ---- */

  function has(basket, item) {
    return basket.items.some((one_) => one_.address === item.address && (one_.quote || "") === (item.quote || ""));
  }

  function count() {
    const basket = parsed(stored()), number = basket.items.length;
    all(".basket-count").forEach((node) => { node.textContent = number ? " " + number : ""; });
    all("[data-add]").forEach((link) => {
      const taken = link.getAttribute("data-add").split("\n").every((address) => has(basket, { address }));
      if (!link.hasAttribute("data-label")) link.setAttribute("data-label", link.textContent);
      link.textContent = taken ? "已在摘录篮" : link.getAttribute("data-label");
    });
  }

  function add(items, search, beside) {
    const before = stored(), basket = parsed(before);
    if (items.some((item) => (item.quote || "").length > MAX_TEXT)) return tell("选得太长，最多 " + MAX_TEXT + " 字", beside);
    const fresh = items.filter((item) => !has(basket, item)).slice(0, MAX_ITEMS - basket.items.length);
    if (!fresh.length) return tell(basket.items.length >= MAX_ITEMS ? "摘录篮满了，最多 " + MAX_ITEMS + " 条" : "已在摘录篮里", beside);
    basket.items.push(...fresh);
    const searches = (basket.search || "").split("\n").filter(Boolean);
    if (search && searches.indexOf(search) < 0 && searches.length < 20 && (basket.search || "").length + search.length < 20000) searches.push(search);
    basket.search = searches.join("\n");
    if (!commit(before, JSON.stringify(basket))) return null;
    return tell("已加入 " + fresh.length + " 条，摘录篮共 " + basket.items.length + " 条", beside);
  }

  function isPlain(event) { return !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey; }

  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("[data-add]") : null;
    if (!link || !canRead || !isPlain(event)) return;
    event.preventDefault();
    const search = new URL(link.href).searchParams.get("from") || "";
    add(link.getAttribute("data-add").split("\n").map((address) => ({ address })), search, link);
  });

  /* ---- a report: what is selected ---- */

  const bar = make("div", { class: "picked no-print", role: "region", "aria-label": "所选文字", hidden: "" });
  const pick = make("button", { type: "button", class: "primary" }, "摘录所选");
  const told = make("span");
  bar.append(told, pick);
  let picked = null, later = 0;

  /** Section and wording of a selection that lies in one section; its own words only, no links or numbers. */
  function selection() {
    const chosen = window.getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return null;
    const range = chosen.getRangeAt(0);
    const [first, last] = [range.startContainer, range.endContainer].map((node) => {
      return (node.nodeType === 1 ? node : node.parentNode).closest(".text-body section[data-address]");
    });
    const section = first || last;
    if (!section) return null;
    const texts = all("h2, h3, h4, h5, h6, p", section).filter((node) => !node.closest(".acts, .note, .cite-box") && range.intersectsNode(node)).map((node) => {
      const part = document.createRange();
      part.selectNodeContents(node);
      if (node.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
      if (node.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
      return part.toString().trim();
    });
    const quote = texts.filter(Boolean).join("\n");
    // Three clicks select to the very beginning of the next section: nothing of it is chosen.
    const isOver = first !== last && !(first && last && range.endOffset === 0) && !(first && !last);
    return quote ? { address: section.getAttribute("data-address"), quote, isOver } : null;
  }

  function showPicked() {
    picked = selection();
    bar.hidden = !picked;
    if (!picked) return;
    told.textContent = picked.isOver ? "选到了两段；请在一段之内选" : "已选 " + picked.quote.replace(/\s/g, "").length + " 字";
    pick.hidden = picked.isOver;
    clearTimeout(later);
    later = setTimeout(() => { if (picked) say(told.textContent + (picked.isOver ? "" : "，按 b 摘录")); }, 700);
  }

  if (one(".text-body") && canRead) {
    document.body.appendChild(bar);
    document.addEventListener("selectionchange", showPicked);
    bar.addEventListener("mousedown", (event) => { event.preventDefault(); });  // keeps what is selected
    pick.addEventListener("click", () => {
      const all_ = one("[data-add]", one(".report-head"));
      if (picked) add([{ address: picked.address, quote: picked.quote }], all_ ? new URL(all_.href).searchParams.get("from") || "" : "", told);
    });
  }

  /* ---- /brief ---- */

  const HERE = location.pathname === "/brief";
  let shown = "";  // the stored text that the page shows
  let typing = 0;

  function form() { return one("#basket"); }
  function isIncoming() { return form().hasAttribute("data-incoming"); }

  /** Send an order, keep what comes back, show it; a refusal leaves everything as it was. */
  function ask(order, more, words, isQuiet) {
    const sent = stored(), body = new FormData();
    clearTimeout(typing);
    body.append("basket", sent);
    body.append("do", order);
    Object.entries(more || {}).forEach(([name, value]) => { body.append(name, value); });
    one("main").setAttribute("aria-busy", "true");
    return fetch("/brief", { method: "POST", body, credentials: "same-origin", headers: { Accept: "text/html" } })
      .then((answer) => answer.text())
      .then((html) => {
        const page = new DOMParser().parseFromString(html, "text/html"), field = one("#basket [name=basket]", page);
        if (!field) throw new Error((one("main h1", page) || page.body).textContent.trim() + "：" + ((one("main p", page) || page.body).textContent.trim()));
        if (stored() !== sent) return ask("save", {}, order === "save" ? words : "摘录篮在另一个窗口里改过，没有再动；请看现在的次序再做");
        if (order === "save") settle(sent, field.value);
        else if (!commit(sent, field.value)) return null;
        if (!isQuiet) return show(page, words);
        one("main").removeAttribute("aria-busy");
        const place = one("#sharing"), now = document.adoptNode(one("#sharing", page));
        shown = one("[name=basket]", form()).value = stored();
        place.parentNode.replaceChild(now, place);
        return dressUp(now);
      })
      .catch((problem) => {
        one("main").removeAttribute("aria-busy");
        warn("没有改动。" + (problem instanceof TypeError ? "连不上网站，请稍后再试" : problem.message));
      });
  }

  function show(page, words) {
    const focused = document.activeElement, id = focused && focused.id, name = focused && focused.name, value = focused && focused.value;
    const caret = focused && focused.selectionStart, top = window.pageYOffset;
    const old = one("main"), fresh = document.adoptNode(one("main", page)), wanted = one("[autofocus]", fresh);
    if (wanted) wanted.removeAttribute("autofocus");  // the browser would refuse it on a page that is there already
    old.parentNode.replaceChild(fresh, old);
    dressUp(fresh);
    dress();
    const same = all("button, input, textarea", fresh).filter((node) => (id ? node.id === id : name && node.name === name && (node.type !== "submit" || node.value === value)))[0];
    const next = wanted || same || one("main");
    window.scrollTo(0, top);
    next.focus({ preventScroll: next !== wanted });
    if (next === same && typeof caret === "number" && next.setSelectionRange) next.setSelectionRange(caret, caret);
    const said = one("#said", fresh), text = words || (said && said.textContent) || "";
    if (words && !said) one("#basket").parentNode.insertBefore(make("p", { class: "note no-print", id: "said", role: "note" }, words), one("#basket"));
    if (text) say(text);
  }

  /** What only a script can do on a page that has just come. */
  function dress() {
    if (!HERE || !form() || isIncoming()) return;
    shown = stored();
    const before = one("[name=before]", form()), field = one("[name=basket]", form()), all_ = steps();
    if (before) before.remove();
    field.value = shown;
    [["undo", all_.past, 1], ["redo", all_.future, 0]].forEach(([order, list, side]) => {
      const button = one("[name=do][value=" + order + "]", form());
      button.hidden = false;
      button.disabled = !list.length || list[list.length - 1][side] !== shown;
    });
    all(".item").forEach((item) => {
      const handle = one(".no", item);
      handle.draggable = true;
      handle.title = "拖动";
    });
  }

  function order(button) {
    const value = button.value;
    if (value === "undo") return step("past", "future", 0);
    if (value === "redo") return step("future", "past", 1);
    if (stored() !== shown) return ask("save", {}, "摘录篮在另一个窗口里改过，没有再动；请看现在的次序再做");
    return ask(value, value === "add" ? { links: one("#b-links").value } : {});
  }

  /** What is typed is kept at once; the page stays as it is. */
  function type(field) {
    if (stored() !== shown) return ask("save", {}, "摘录篮在另一个窗口里改过，已显示现在的");
    const basket = parsed(shown), found = /^text-(\d+)$/.exec(field.name), item = found && basket.items[found[1] - 1];
    if (field.name === "title") basket.title = field.value;
    else if (!item) return null;
    else if ("heading" in item) item.heading = field.value;
    else if ("line" in item) item.line = field.value;
    else if (!item.quote && field.value === item.was) return null;
    else item.quote = field.value.trim();
    if (!commit(shown, JSON.stringify(basket), field.name)) return null;
    shown = stored();
    one("[name=basket]", form()).value = shown;
    one("[value=undo]", form()).disabled = false;
    one("#sharing").hidden = true;  // until the link holds what was typed
    clearTimeout(typing);
    typing = setTimeout(() => { ask("save", {}, "", true); }, 500);
    return null;
  }

  /** A basket that came by a link or a file: taken at once where there is none yet, else asked about. */
  function offer() {
    const theirs = parsed(one("[name=basket]", form()).value), mine = parsed(stored()), box = one("#incoming");
    function take(basket, words) {
      if (!commit(stored(), JSON.stringify(basket))) return;
      history.replaceState({}, "", "/brief");
      ask("save", {}, words);
    }
    if (!theirs.items.length) return;
    if (!mine.items.length) { take(theirs, "已放进摘录篮，" + theirs.items.length + " 条"); return; }
    if (stored() === JSON.stringify(theirs)) { take(theirs, ""); return; }
    one("b", box).textContent = mine.items.length;
    box.hidden = false;
    box.addEventListener("click", (event) => {
      const how = event.target.getAttribute("data-take"), own = parsed(stored());
      if (how === "replace") take(theirs, "已换成这一份");
      if (how !== "join") return;
      const fresh = theirs.items.filter((item) => !item.address || !has(own, item));
      if (own.items.length + fresh.length > MAX_ITEMS) { say("合起来超过 " + MAX_ITEMS + " 条，没有接上"); return; }
      const searches = ((own.search || "") + "\n" + (theirs.search || "")).split("\n").filter(Boolean);
      const search = searches.filter((one_, at) => searches.indexOf(one_) === at).slice(0, 20).join("\n");
      take({ ...own, title: own.title || theirs.title, search, items: own.items.concat(fresh) }, "已接上 " + fresh.length + " 条");
    });
    say("这一份还不在您的摘录篮里");
  }

  function isOurs(node) { return HERE && canRead && form() && !isIncoming() && node && node.closest; }

  document.addEventListener("click", (event) => {
    const button = isOurs(event.target) ? event.target.closest("button[name=do]") : null;
    if (!button || NATIVE.test(button.value)) return;
    event.preventDefault();
    order(button);
  });
  document.addEventListener("input", (event) => {
    if (isOurs(event.target) && /^(title|text-\d+)$/.test(event.target.name)) type(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "b-file" && event.target.files.length) one("button[value=open]").click();
  });
  document.addEventListener("keydown", (event) => {
    const item = event.altKey && isOurs(event.target) ? event.target.closest(".item") : null;
    const button = item && (event.key === "ArrowUp" || event.key === "ArrowDown") ? one("[data-key=" + event.key + "]", item) : null;
    if (!button) return;
    event.preventDefault();
    if (button.disabled) say("已经到头"); else order(button);
  });

  let dragged = null;
  function over(event) {
    const item = dragged && event.target.closest ? event.target.closest(".item") : null;
    all(".item.over").forEach((node) => { node.classList.remove("over"); });
    if (!item) return null;
    event.preventDefault();
    item.classList.add("over");
    return item;
  }
  document.addEventListener("dragstart", (event) => {
    const handle = isOurs(event.target) ? event.target.closest(".item .no") : null;
    if (!handle) return;
    dragged = handle.closest(".item").getAttribute("data-number");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
  });
  document.addEventListener("dragover", over);
  document.addEventListener("drop", (event) => {
    const item = over(event);
    if (item && item.getAttribute("data-number") !== dragged) order({ value: "move " + dragged + " " + item.getAttribute("data-number") });
  });
  document.addEventListener("dragend", (event) => { dragged = null; over(event); });

  function refresh() {
    count();
    if (HERE && form() && !isIncoming() && stored() !== shown) ask("save");
  }

  document.addEventListener("fz:dressed", () => { if (canRead) count(); });
  window.addEventListener("storage", (event) => { if (event.key === KEY || event.key === null) refresh(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted && canRead) refresh(); });

  if (!canRead) {
    if (HERE) one("#unkept").hidden = false;
    return;
  }
  document.documentElement.classList.add("keeps");
  count();
  if (!HERE || !form()) return;
  if (isIncoming()) offer();
  else if (stored() !== EMPTY) ask("save");
  else dress();
})();
