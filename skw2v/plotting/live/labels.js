// Places for words beside their points, where they cover nothing.
"use strict";

const overlap = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
const boxAt = (x, y, width, height) => ({ x0: x - width / 2, x1: x + width / 2, y0: y - height / 2, y1: y + height / 2 });
const LABEL_HEIGHT = 17;
const PLACES = [0, 10, 24, 40, 58, 80, 104, 130].flatMap((away) =>
  Array.from({ length: away ? 24 : 8 }, (_, k) => ({ away, angle: (k * 2 * Math.PI) / (away ? 24 : 8) })),
);
const remembered = new Map();

/** Return the boxes of labels beside their points, which cover nothing. */
function placeLabels(figure, points, texts, width, height, obstacles = []) {
  const taken = [...obstacles, ...points.map(([x, y]) => boxAt(x, y, 12, 12))];
  return texts.map((text, i) => {
    const size = widthOf(text, 13, 600) + 6;
    const isFree = (box) =>
      box.x0 >= 1 && box.y0 >= 1 && box.x1 <= width - 1 && box.y1 <= height - 1 && !taken.some((other) => overlap(box, other));
    const at = ({ away, angle }) => {
      const [x, y] = points[i];
      const across = size / 2 + 8 + away;
      return boxAt(x + Math.cos(angle) * across, y - Math.sin(angle) * (LABEL_HEIGHT / 2 + 7 + away), size, LABEL_HEIGHT);
    };
    // A label stays where it was, if it can, while its point moves.
    const key = `${figure}/${text}`;
    const before = remembered.get(key);
    const place = [...(before ? [before] : []), ...PLACES].find((each) => isFree(at(each)));
    if (place) remembered.set(key, place);
    const box = place ? at(place) : anywhere(points[i], size, width, height, isFree);
    taken.push(box);
    return box;
  });
}

/** Return the free box that is nearest to a point. */
function anywhere([x, y], size, width, height, isFree) {
  let best = boxAt(x, y, size, LABEL_HEIGHT);
  let nearest = Infinity;
  for (let cy = LABEL_HEIGHT; cy < height; cy += 6) {
    for (let cx = size / 2 + 2; cx < width - size / 2; cx += 6) {
      const box = boxAt(cx, cy, size, LABEL_HEIGHT);
      const away = Math.hypot(cx - x, cy - y);
      if (away < nearest && isFree(box)) [best, nearest] = [box, away];
    }
  }
  return best;
}
