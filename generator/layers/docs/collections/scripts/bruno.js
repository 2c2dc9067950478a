const fill = (text) => bru.interpolate(String(text ?? ""));
const sent = Object.entries(req.getHeaders()).map(([key, value]) => [key, fill(value)]);
const body = req.getBody({ raw: true });
const isForm = Array.isArray(body);
const signed = await signDescribed({
  name: req.getName(),
  method: req.getMethod(),
  url: fill(req.getUrl()),
  headers: sent,
  body: isForm || body === undefined || body === null ? "" : fill(typeof body === "string" ? body : JSON.stringify(body)),
  members: isForm ? new Map(body.filter(({ type, enabled }) => type !== "file" && enabled !== false).map(({ name, value }) => [name, fill(value)])) : null,
}, (name) => fill(bru.getVar(name) ?? bru.getEnvVar(name) ?? bru.getCollectionVar(name)), (name, value) => bru.setVar(name, value));
if (signed) {
  req.setUrl(signed.url);
  for (const [key, value] of signed.headers) {
    if (!sent.some((pair) => pair[0] === key && pair[1] === value)) req.setHeader(key, value);
  }
  const added = signed.added.map(([name, value]) => ({ name, value, type: "text", enabled: true }));
  if (added.length) req.setBody([...body, ...added], { raw: true });
  if (!isForm && signed.text) req.setBody(signed.text, { raw: true });
}
