// State, controls, and time.
"use strict";

const DATA = JSON.parse(document.getElementById("data").textContent);
const element = (id) => document.getElementById(id);
const MOST = { words: DATA.live.starts[0].length, tokens: 24, window: 5 };
const RATES = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];
const SPEEDS = [0.5, 1, 2, 4];
const PAUSE = { sub: 1600, position: 500, epoch: 160 };
const REDUCED = matchMedia("(prefers-reduced-motion: reduce)");

const DEFAULTS = {
  lang: navigator.language.startsWith("ko") ? "ko" : "en",
  act: "onehot",
  model: "CBOW",
  window: 1,
  rate: DATA.live.rate,
  start: 0,
  text: "",
  unit: "sub",
  speed: 1,
  k: 0,
  s: 0,
  e: 0,
  training: 0,
  guess1: "",
  guess2: "",
  seen: "",
  exponent: 0.75,
  threshold: 0.001,
};
const state = { ...DEFAULTS };
const say = () => TEXT[state.lang];
let playing = null;
let problem = "";

// ---- the link ------------------------------------------------------------------------

function readLink() {
  Object.assign(state, DEFAULTS, { lang: state.lang });
  const given = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of given) {
    if (name in DEFAULTS) state[name] = typeof DEFAULTS[name] === "number" ? Number(value) : value;
  }
  const wrong =
    !(state.lang in TEXT) || !ACTS.some(({ id }) => id === state.act) || !["CBOW", "skip-gram"].includes(state.model) ||
    !RATES.includes(state.rate) || !(state.start in DATA.live.starts) || !(state.training in DATA.trainings) ||
    !(state.unit in PAUSE) || !SPEEDS.includes(state.speed) || (state.text && !parsed(state.text)) ||
    ["window", "k", "s", "e"].some((name) => !Number.isInteger(state[name]) || state[name] < 0) || state.window < 1 || state.window > MOST.window;
  if (wrong) Object.assign(state, DEFAULTS);
  for (const name of ["guess1", "guess2"]) if (!(state[name] in TEXT.en.part.answers)) state[name] = "";
}

function writeLink() {
  const changed = Object.entries(state).filter(([name, value]) => value !== DEFAULTS[name] || name === "lang");
  const hash = new URLSearchParams(changed.map(([name, value]) => [name, String(value)]));
  try {
    history.replaceState(null, "", `#${hash}`);
  } catch {
    // A frame of a notebook may have no address of its own.
  }
}

// ---- what is shown -------------------------------------------------------------------

/** Return the words and sentences of a text, or null if it is too short or too long. */
function parsed(text) {
  const lines = text.split("\n").map((line) => line.split(/\s+/).filter(Boolean)).filter((line) => line.length);
  const words = [...new Set(lines.flat())];
  const fits = words.length <= MOST.words && lines.flat().length <= MOST.tokens;
  if (!fits || words.length < 2 || lines.some((line) => line.length < 2)) return null;
  return { words, sentences: lines.map((line) => line.map((word) => words.indexOf(word))) };
}

const trainings = new Map();

/** Return a training of the page, which is computed once. */
function trainingWith(changes = {}) {
  const { words, sentences } = parsed(state.text) || DATA.live;
  const settings = { model: state.model, window: state.window, rate: state.rate, start: state.start, ...changes };
  const key = JSON.stringify([state.text, settings]);
  if (!trainings.has(key)) {
    if (trainings.size > 20) trainings.clear();
    trainings.set(
      key,
      train({
        sentences,
        nWords: words.length,
        start: DATA.live.starts[settings.start],
        cbow: settings.model === "CBOW",
        window: settings.window,
        rate: settings.rate,
        epochs: DATA.live.epochs,
      }),
    );
  }
  return trainings.get(key);
}

const actNow = () => ACTS.find(({ id }) => id === state.act);

function roomNow() {
  const inside = element("bench").clientWidth;
  const edges = window.innerWidth > 500 ? 34 : 26;
  const share = window.innerWidth > 900 ? (n) => Math.floor(((inside + 14) * n) / 12 - 14 - edges) : () => inside - edges;
  return { full: inside - edges, wide: share(7), half: share(6), narrow: share(5) };
}

/** Return all that an act needs to show itself. */
function context() {
  const { words, sentences } = parsed(state.text) || DATA.live;
  const training = trainingWith();
  const settings = { cbow: state.model === "CBOW", window: state.window, rate: state.rate, unit: state.unit, epochs: DATA.live.epochs };
  state.k = Math.min(state.k, training.losses.length);
  state.s = Math.min(state.s, state.k === training.losses.length ? 5 : LAST);
  const recorded = DATA.trainings[state.training];
  state.e = Math.min(state.e, recorded.losses.length);
  const first = sentences[0];
  const lecture = words.includes("I") && words.includes("피자");
  return {
    data: DATA,
    state,
    words,
    sentences,
    settings,
    recorded,
    trainingWith,
    training,
    epoch: Math.floor(state.k / training.positions.length),
    pair: lecture ? ["I", "피자"] : [first[0], first.find((id) => id !== first[0]) === undefined ? first[0] : first.findLast((id) => id !== first[0])].map((id) => words[id]),
    view: new View(training, words, sentences, settings, state.k, state.s),
    room: roomNow(),
  };
}

// ---- time ----------------------------------------------------------------------------

/** Return how time passes in the present act: where it is, its end, and its units. */
function clock() {
  const { time } = actNow();
  if (!time) return null;
  const { length } = trainingWith().positions;
  if (time === "recorded") return { now: state.e, end: DATA.trainings[state.training].losses.length, units: ["epoch"] };
  if (time === "part") return state.seen ? { now: Math.floor(state.k / length), end: DATA.live.epochs, units: ["epoch"] } : null;
  return { now: state.k, end: trainingWith().losses.length, units: Object.keys(PAUSE) };
}

/** Move by one unit of time; return whether that was possible. */
function move(direction) {
  const before = [state.k, state.s, state.e].join();
  const { time } = actNow();
  const training = trainingWith();
  const n = training.positions.length;
  const end = training.losses.length;
  if (!clock()) return false;
  if (time === "recorded") {
    state.e = Math.min(Math.max(state.e + direction, 0), clock().end);
  } else if (time === "part" || state.unit === "epoch") {
    [state.k, state.s] = [Math.min(Math.max(state.k + direction * n, 0), end), 5];
  } else if (state.unit === "position") {
    if (direction > 0) [state.k, state.s] = state.s < LAST ? [state.k, LAST] : [state.k + 1, LAST];
    else [state.k, state.s] = state.k ? [state.k - 1, LAST] : [0, 0];
  } else {
    const place = state.k * (LAST + 1) + state.s + direction;
    if (place >= 0) [state.k, state.s] = [Math.floor(place / (LAST + 1)), place % (LAST + 1)];
  }
  if (state.k >= end) [state.k, state.s] = [end, Math.min(state.s, 5)];
  return [state.k, state.s, state.e].join() !== before;
}

function go(direction) {
  const moved = move(direction);
  render();
  return moved;
}

function stop() {
  clearTimeout(playing);
  playing = null;
}

function play() {
  const { time } = actNow();
  const unit = time === "live" ? state.unit : "epoch";
  const tick = () => {
    playing = setTimeout(tick, (PAUSE[unit] / state.speed) * (REDUCED.matches ? 2 : 1));
    if (!move(1)) stop();
    render();
  };
  tick();
}

function toggle() {
  if (playing) stop();
  else if (clock()) {
    const { now, end } = clock();
    if (now >= end) Object.assign(state, { k: 0, s: 0, e: 0 });
    play();
  }
  render();
}

// ---- changes -------------------------------------------------------------------------

function enter(id) {
  stop();
  state.act = id;
  const { epoch, ...preset } = actNow().preset || {};
  Object.assign(state, preset);
  if (epoch !== undefined) {
    // The second position of an epoch has, in the lecture, a context on both sides.
    const { length } = trainingWith().positions;
    state.k = epoch * length + (epoch ? 1 : 0);
  }
  if (id === "part") Object.assign(state, { seen: "", guess1: "", guess2: "" });
  render();
  element("lesson").focus({ preventScroll: true });
  scrollTo(0, 0);
}

function set(name, value) {
  state[name] = typeof DEFAULTS[name] === "number" ? Number(value) : value;
  if (["model", "window", "rate", "start"].includes(name)) state.s = Math.min(state.s, 5);
  if (name === "seen") {
    state.k = 0;
    play();
  }
  if (name === "unit" && playing) {
    stop();
    play();
  }
  render();
}

function setText(text) {
  stop();
  problem = text && !parsed(text) ? say().settings.tooMany(MOST.words, MOST.tokens) : "";
  if (!problem) Object.assign(state, { text, k: 0, s: 0, seen: "", guess1: "", guess2: "" });
  formNow = "";
  render();
  if (element("own")) element("own").open = true;
}

// ---- drawing -------------------------------------------------------------------------

let formNow = "";

function drawActs(shown) {
  const name = (act) => escaped(act.title ? act.title(shown) : say().actsShort[act.id]);
  const links = ACTS.map((act, i) => `<li><a href="#act=${act.id}" data-act="${act.id}" ${act.id === state.act ? 'aria-current="step"' : ""}><span>${i + 1}</span>${name(act)}</a></li>`);
  const options = ACTS.map((act, i) => `<option value="${act.id}" ${act.id === state.act ? "selected" : ""}>${i + 1}. ${name(act)}</option>`);
  element("acts").setAttribute("aria-label", say().acts);
  element("acts").innerHTML = `<ol>${links.join("")}</ol><select id="act" aria-label="${say().acts}">${options.join("")}</select>`;
  const act = actNow();
  const number = ACTS.indexOf(act) + 1;
  element("lesson").innerHTML = `<h1>${number}. ${name(act)}</h1>${act.lesson(shown).map((text) => (text.startsWith("<code") ? text : `<p>${text}</p>`)).join("")}`;
}

const options = (values, chosen, name = (value) => value) =>
  values.map((value) => `<option value="${value}" ${String(value) === String(chosen) ? "selected" : ""}>${escaped(name(value))}</option>`).join("");

function drawSettings() {
  const text = say().settings;
  const wanted = actNow().settings || [];
  const key = [state.lang, wanted, state.text, problem].join("|");
  if (key !== formNow) {
    const ranges = [...Array(MOST.window).keys()].map((i) => i + 1);
    const field = (name, control) => `<label for="${name}">${text[name]} ${control}</label>`;
    const select = (name, values, nameOf) => field(name, `<select id="${name}" data-name="${name}">${options(values, state[name], nameOf)}</select>`);
    const controls = {
      model: () => select("model", ["CBOW", "skip-gram"], (value) => (value === "CBOW" ? value : say().actsShort.skipgram)),
      window: () => select("window", ranges),
      rate: () => field("rate", `<input type="range" id="rate" min="0" max="${RATES.length - 1}"><output id="rate-value" for="rate"></output>`),
      start: () => select("start", DATA.live.starts.map((_, i) => i)),
      training: () => select("training", DATA.trainings.map((_, i) => i), (i) => say().trainingName(DATA.trainings[i])),
      own: () =>
        `<details id="own" ${problem ? "open" : ""}><summary>${text.own}</summary>
        <label for="text">${text.ownHelp(MOST.words, MOST.tokens)}</label>
        <textarea id="text" rows="3">${escaped(problem ? element("text").value : state.text || defaultText())}</textarea>
        <p class="problem" role="alert">${problem}</p>
        <button type="button" id="apply">${text.apply}</button> <button type="button" id="reset">${text.reset}</button></details>`,
    };
    element("settings").innerHTML = wanted.map((name) => controls[name]()).join("");
    formNow = key;
  }
  for (const name of wanted) if (element(name)?.tagName === "SELECT") element(name).value = state[name];
  if (wanted.includes("rate")) {
    element("rate").value = RATES.indexOf(state.rate);
    element("rate-value").textContent = state.rate;
  }
}

const defaultText = () => DATA.live.sentences.map((ids) => ids.map((id) => DATA.live.words[id]).join(" ")).join("\n");

let barNow = "";

function drawTransport() {
  const text = say().transport;
  const time = clock();
  element("transport").hidden = !time;
  element("transport").style.display = time ? "" : "none";
  if (!time) return;
  const key = [state.lang, time.units, time.end].join("|");
  if (key !== barNow) {
    const unit = time.units.length > 1 ? `<label for="unit"><span class="name">${text.unit}</span> <select id="unit" data-name="unit">${options(time.units, state.unit, (value) => text.units[value])}</select></label>` : "";
    element("transport").innerHTML = `
      <button type="button" id="back">← <span class="name">${text.back}</span></button>
      <button type="button" id="step" class="main">${text.step} →</button>
      <button type="button" id="play"></button>
      ${unit}
      <label for="speed"><span class="name">${text.speed}</span> <select id="speed" data-name="speed">${options(SPEEDS, state.speed, (value) => `${value}×`)}</select></label>
      <label class="time" for="time"><input type="range" id="time" min="0" max="${time.end}" aria-label="${text.time}"><output id="when" for="time"></output></label>`;
    element("transport").title = text.keys;
    barNow = key;
  }
  const { length } = trainingWith().positions;
  const isLive = actNow().time === "live";
  const epoch = isLive ? Math.floor(state.k / length) : time.now;
  element("time").value = time.now;
  element("when").textContent =
    isLive && state.unit !== "epoch" && state.k < time.end
      ? text.place(epoch + 1, (state.k % length) + 1, length)
      : text.epoch(epoch, isLive ? DATA.live.epochs : time.end);
  element("play").textContent = playing ? `❚❚ ${text.pause}` : `▶ ${text.play}`;
  element("speed").value = state.speed;
  if (element("unit")) element("unit").value = state.unit;
}

function narrationOf(shown) {
  const { time } = actNow();
  if (time === "recorded") return say().recorded(shown.recorded, state.e, shown.recorded.losses.length);
  return time === "live" && !actNow().isSilent ? narration(shown.view) : "";
}

function render() {
  const focused = document.activeElement?.id;
  document.documentElement.lang = state.lang;
  document.title = element("title").textContent = say().title;
  element("link").textContent = say().link;
  for (const lang of Object.keys(TEXT)) element(lang).setAttribute("aria-pressed", lang === state.lang);
  const shown = context();
  drawActs(shown);
  drawSettings();
  // While it plays, a screen reader would never come to an end.
  element("narration").setAttribute("aria-live", playing ? "off" : "polite");
  element("narration").innerHTML = narrationOf(shown);
  const act = actNow();
  element("bench").innerHTML = act.bench ? act.bench(shown) : bench(shown.view, shown.room);
  element("badge").innerHTML = say().badge(DATA.version, difference, DATA.live.epochs * DATA.live.sentences.flat().length);
  drawTransport();
  if (focused && document.activeElement?.id !== focused) element(focused)?.focus({ preventScroll: true });
  writeLink();
}

// ---- events --------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a[data-act]");
  if (!target) return;
  if (target.dataset.act) {
    event.preventDefault();
    enter(target.dataset.act);
  } else if (target.dataset.set) set(target.dataset.set, target.dataset.value);
  else if (target.id in TEXT) set("lang", target.id);
  else if (target.id === "back") go(-1);
  else if (target.id === "step") go(1);
  else if (target.id === "play") toggle();
  else if (target.id === "apply") setText(element("text").value.trim());
  else if (target.id === "reset") setText("");
  else if (target.id === "link") {
    navigator.clipboard?.writeText(location.href).catch(() => {});
    target.textContent = say().copied;
  }
});

document.addEventListener("change", (event) => {
  const { id, value, dataset } = event.target;
  if (id === "act") enter(value);
  else if (dataset.name) set(dataset.name, value);
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "rate") set("rate", RATES[target.value]);
  if (target.id !== "time") return;
  stop();
  const at = Number(target.value);
  if (actNow().time === "recorded") state.e = at;
  else state.k = actNow().time === "part" ? at * trainingWith().positions.length : at;
  render();
});

document.addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, summary") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    stop();
    go(event.key === "ArrowRight" ? 1 : -1);
    event.preventDefault();
  } else if (event.key === " " && !event.target.closest("button, a")) {
    toggle();
    event.preventDefault();
  }
});

addEventListener("hashchange", () => {
  stop();
  readLink();
  render();
});
addEventListener("resize", () => render());

const difference = largestDifference(DATA);
readLink();
render();
