// Runs axe, which asks once only about text of one colour and size on one ground: page after page has the same.
// `readable` is what it found so before, and what it cannot decide for a picture behind it. What lies over something else
// than its parents is asked about each time.
async ({ questions, readable }) => {
  const rule = axe._audit.rules.find(({ id }) => id === "color-contrast");
  const check = axe._audit.checks["color-contrast"];
  const [{ matches }, { evaluate }] = [rule, check];
  const known = new Set(readable);
  const grounds = new Map([[null, ""]]);

  const ground = (element) => {
    if (!grounds.has(element)) grounds.set(element, paint(element, ground(element.parentElement)));
    return grounds.get(element);
  };
  const paint = (element, behind) => {
    const { position, backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
    const covers = /^rgb\(/.test(backgroundColor) && !behind.includes("seen through");
    const over = /absolute|fixed/.test(position) ? " over something" : "";
    const coat = backgroundColor === "rgba(0, 0, 0, 0)" ? "" : ` on ${backgroundColor}`;
    const image = backgroundImage === "none" ? "" : ` on the image ${backgroundImage}`;
    const veil = opacity === "1" ? "" : ` seen through ${opacity}`;
    return (covers ? "" : behind + over) + coat + image + veil;
  };
  const look = (element) => {
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    return `${color} ${fontSize} ${fontWeight} ${textShadow}${ground(element)}`;
  };
  const isLasting = (answer, element) => {
    const on = ground(element);
    const isSure = answer || (answer === undefined && on.includes("image"));
    return isSure && !on.includes("over something") && axe.commons.dom.isVisibleOnScreen(element);
  };

  rule.matches = (element, ...rest) => !known.has(look(element)) && matches.call(rule, element, ...rest);
  check.evaluate = function (element, ...rest) {
    const answer = evaluate.call(this, element, ...rest);
    if (isLasting(answer, element)) known.add(look(element));
    return answer;
  };
  const { violations } = await axe.run(questions);
  Object.assign(rule, { matches });
  Object.assign(check, { evaluate });
  return { results: { violations }, readable: [...known] };
};
