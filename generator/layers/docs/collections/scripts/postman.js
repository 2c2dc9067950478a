async function signInPostman() {
  const fill = (text) => pm.variables.replaceIn(text ?? "");
  const { method, url, headers, body } = pm.request;
  const sent = headers.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, fill(value)]);
  const form = body?.mode === "formdata" ? body.formdata.filter(({ type, disabled }) => type !== "file" && !disabled) : null;
  const signed = await signDescribed({
    name: pm.info.requestName,
    method,
    url: fill(url.toString()),
    headers: sent,
    body: body?.mode === "raw" ? fill(body.raw) : "",
    members: form && new Map(form.map(({ key, value }) => [key, fill(value)])),
  }, (name) => pm.variables.get(name), (name, value) => pm.collectionVariables.set(name, value));
  if (!signed) return;
  pm.request.url.update(signed.url);
  for (const [key, value] of signed.headers) {
    if (!sent.some((pair) => pair[0] === key && pair[1] === value)) pm.request.headers.upsert({ key, value });
  }
  for (const [key, value] of signed.added) pm.request.body.formdata.upsert({ key, value, type: "text" });
  if (!form && signed.text) pm.request.body.update({ mode: "raw", raw: signed.text });
}
await signInPostman();
