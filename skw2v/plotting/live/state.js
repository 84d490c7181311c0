// What is shown: the state, the link that holds it, and time.
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
