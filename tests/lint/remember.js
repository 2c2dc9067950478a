// Loaded before Spectral, which compiles a validator for every example anew, and again for every document.
// Here the validators of equal schemas are one: most of its time, and none of its findings, goes.
"use strict";

const { createRequire } = require("module");
const path = require("path");

const spectral = createRequire(path.join(process.cwd(), "node_modules/@stoplight/spectral-functions/package.json"));
const Ajv = spectral("ajv/dist/core").default;
const compile = Ajv.prototype.compile;
const kinds = new Map(); // by the class: each reads another draft

Ajv.prototype.compile = function (schema, meta) {
  const text = JSON.stringify(schema);
  if (text.includes('"$id"')) return compile.call(this, schema, meta); // registered with this Ajv under its name
  if (!kinds.has(this.constructor)) kinds.set(this.constructor, new Map());
  const validators = kinds.get(this.constructor);
  const key = `${this.opts.allErrors} ${meta} ${text}`;
  if (!validators.has(key)) validators.set(key, compile.call(this, schema, meta));
  return validators.get(key);
};
