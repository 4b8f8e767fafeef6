// Reads JSON as it was written: numbers keep their digits, names their order and their repetitions.

/**
 * @typedef {{kind: "object" | "array" | "string" | "number" | "word", key: string | null, text: string, children: JsonNode[]}} JsonNode
 */

/** Nothing that is nested deeper is read. */
const DEEPEST = 200;

/**
 * The text as a tree; null where it is not JSON.
 * @param {string} source
 * @returns {JsonNode | null}
 */
export function parseJson(source) {
  let at = 0;
  const space = /[ \t\n\r]*/y;
  const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (!found) return null;
    at = pattern.lastIndex;
    return found[0];
  };
  /** @param {string} mark */
  const skip = (mark) => {
    take(space);
    if (source[at] !== mark) return false;
    at += 1;
    return true;
  };
  /** @param {string | null} key @param {number} depth @returns {JsonNode} */
  const value = (key, depth) => {
    if (depth > DEEPEST) throw new SyntaxError("too deep");
    take(space);
    if (skip("{")) {
      /** @type {JsonNode[]} */
      const children = [];
      if (!skip("}")) {
        do {
          take(space);
          const name = take(string);
          if (name === null || !skip(":")) throw new SyntaxError("name");
          children.push(value(JSON.parse(name), depth + 1));
        } while (skip(","));
        if (!skip("}")) throw new SyntaxError("object");
      }
      return { kind: "object", key, text: "", children };
    }
    if (skip("[")) {
      /** @type {JsonNode[]} */
      const children = [];
      if (!skip("]")) {
        do children.push(value(String(children.length), depth + 1));
        while (skip(","));
        if (!skip("]")) throw new SyntaxError("array");
      }
      return { kind: "array", key, text: "", children };
    }
    const text = take(string);
    if (text !== null) return { kind: "string", key, text, children: [] };
    const other = take(scalar);
    if (!other) throw new SyntaxError("value");
    const isNumber = /[-\d]/.test(other[0] ?? "");
    return { kind: isNumber ? "number" : "word", key, text: other, children: [] };
  };
  try {
    const root = value(null, 0);
    take(space);
    return at === source.length ? root : null;
  } catch {
    return null;
  }
}

/** A step of a JSON Pointer (RFC 6901).
 * @param {string} key */
export function pointerStep(key) {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
