// The base string and the signature of one set of parameters, as one version signs them.
import { procwiseBytes, procwiseRequest, procwiseSigner } from "./evaluator.js";
import { toValue } from "./json.js";
import { InvalidArgument } from "./errors.js";

/** @param {string} scheme @param {import("./json.js").Json} parameters @param {string} secretKey */
function contextOf(scheme, parameters, secretKey) {
  const held = toValue(parameters);
  if (!(held instanceof Map)) throw new InvalidArgument("parameters are an object");
  return {
    scheme: procwiseSigner.readScheme(scheme),
    request: procwiseRequest.requestOf("POST", "https://localhost/", [], "", { body: held }),
    credentials: { secret_key: secretKey },
    settings: {},
    nowMs: 0,
    nonce: "",
    timestamp: "",
    signature: "",
  };
}

/** @param {string} scheme @param {import("./json.js").Json} parameters */
export async function baseStringOf(scheme, parameters) {
  const context = contextOf(scheme, parameters, "");
  const message = await procwiseSigner.evaluate(context.scheme.get("message") ?? null, context);
  return typeof message === "string" ? message : procwiseBytes.decodeUtf8(message);
}

/** @param {string} scheme @param {import("./json.js").Json} parameters @param {string} secretKey */
export async function signatureOf(scheme, parameters, secretKey) {
  return procwiseSigner.signatureOf(contextOf(scheme, parameters, secretKey));
}
