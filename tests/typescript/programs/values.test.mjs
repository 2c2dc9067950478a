// Lists, files, jobs and numbers: what is sent of them, and what is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decimal, JobFailed, JobTimedOut, UnexpectedResponse, ConnectionFailed, readJson } from "procwise";
import { expectedSignature, serve } from "./scripted_server.mjs";

const item = (id) => ({ id, name: `n${id}` });
const page = (ids, { pages, count, limit = 2 } = {}) => ({
  json: { exams: ids.map(item) },
  headers: {
    ...(pages === undefined ? {} : { "X-Pagination-Page-Count": String(pages) }),
    ...(count === undefined ? {} : { "X-Pagination-Item-Count": String(count) }),
    "X-Pagination-Limit": String(limit),
  },
});
const ids = async (list) => (await list.all()).map((one) => one.id);

test("a list is read to its end, and no further", async () => {
  const cases = [
    [[page([1, 2], { pages: 2, count: 3 }), page([3], { pages: 2, count: 3 })], [1, 2, 3], 2],
    [[page([1, 2]), page([3]), page([])], [1, 2, 3], 3], // nothing is counted: up to an empty page
    [[page([1, 2], { pages: 1 }), page([], { pages: 1 })], [1, 2], 2], // a full last page where items are not counted
    [[page([1], { pages: 1 })], [1], 1],
    [[page([], { pages: 0, count: 0 })], [], 1],
    [[page([1, 2], { pages: 1, count: 3 }), page([3], { pages: 2, count: 3 })], [1, 2, 3], 2], // one was added meanwhile
  ];
  for (const [scripts, expected, requests] of cases) {
    await serve(scripts, async (client, sent) => {
      assert.deepEqual(await ids(client.exams.list({ limit: 2 })), expected);
      assert.deepEqual(sent.map((one) => one.query.get("page")), Array.from({ length: requests }, (_, at) => String(at + 1)));
    });
  }
});

test("a list without paging, or with a gap, is an error and no endless loop", async () => {
  for (const scripts of [[page([1, 2])], [page([1, 2], { pages: 3 }), page([], { pages: 3 })]]) {
    await serve(scripts, (client) => assert.rejects(client.exams.list().all(), UnexpectedResponse));
  }
});

test("nothing is sent before a list is read, and reading can stop", () =>
  serve([page([1, 2], { pages: 9, count: 18 })], async (client, requests) => {
    const list = client.exams.list({ page: 1, status: "open", filter: { name: { eq: "a&b" } }, sort: [{ name: "desc" }] });
    assert.equal(requests.length, 0);
    for await (const one of list) if (one.id === 1) break;
    assert.equal((await list.page(1)).pageCount, 9);
    assert.equal((await list.first()).id, 1);
    assert.equal(requests.length, 3);
    assert.equal(requests[0].query.get("filter"), '{"name":{"eq":"a&b"}}');
    assert.equal(requests[0].query.get("sort"), '[{"name":"desc"}]');
    assert.equal(requests[0].query.get("signature"), expectedSignature(Object.fromEntries(requests[0].query)));
    assert.throws(() => client.exams.list({ page: 0 }));
  }));

test("numbers that JavaScript cannot hold are read and sent without loss", () =>
  serve([{ text: '{"exam": {"id": 12345678901234567890123, "duration_minutes": 1.0, "timezone": 0.1234567890123456789}}' }], async (client, requests) => {
    const exam = await client.exams.update(9007199254740993n, { duration_minutes: 12345678901234567890123n });
    assert.equal(exam.id, 12345678901234567890123n);
    assert.equal(exam.duration_minutes, 1);
    assert.equal(String(exam.timezone), "0.1234567890123456789");
    assert.equal(Number(exam.timezone), 0.12345678901234568);
    const [{ path, body, query }] = requests;
    assert.equal(path, "/api/v3/exams/9007199254740993");
    assert.equal(body.toString(), '{"duration_minutes":12345678901234567890123}');
    const signed = { id: "9007199254740993", duration_minutes: "12345678901234567890123", ...Object.fromEntries(query) };
    assert.equal(query.get("signature"), expectedSignature(signed));
  }));

test("JSON is read without loss", () => {
  assert.deepEqual(readJson('{"a\\"1234567890123456789":0.5}'), { 'a"1234567890123456789': 0.5 });
  const read = readJson('{"a":1.0,"b":12345678901234567890123,"c":1,"d":-0,"e":1e400,"__proto__":{"f":9007199254740993},"g":0.5}');
  assert.deepEqual([String(read.a), read.b, read.c, String(read.d), String(read.e), read.g], ["1.0", 12345678901234567890123n, 1, "-0", "1e400", 0.5]);
  assert.ok(read.a instanceof Decimal && Object.hasOwn(read, "__proto__"));
  assert.equal(Object.getOwnPropertyDescriptor(read, "__proto__").value.f, 9007199254740993n);
  assert.equal(readJson("9007199254740992"), 9007199254740992n); // no longer safe to count on with
  assert.throws(() => readJson("[1,]"), SyntaxError);
  assert.throws(() => new Decimal("1,5"));
});

test("texts of every kind arrive as they were passed", () =>
  serve([{ json: { exam: item(1) } }], async (client, requests) => {
    const name = "Ünï – 𝔘 \"quoted\" \\ a+b=c&d%20 \n\t?";
    await client.exams.update(1, { name, restrictions: undefined, end_time: null });
    const [{ body, query }] = requests;
    assert.deepEqual(JSON.parse(body), { name, end_time: null });
    assert.equal(query.get("signature"), expectedSignature({ id: "1", name, end_time: "", ...Object.fromEntries(query) }));
  }));

test("a file is uploaded with its name, and is not signed", () =>
  serve([{ json: { attachment: item(1) } }], async (client, requests) => {
    const bytes = new Uint8Array([0, 255, 10, 13]);
    const kinds = [bytes, new Blob([bytes]), new File([bytes], "plan.png", { type: "image/png" }), { data: bytes, name: "a \"b\".bin", type: "x/y" }];
    for (const document of kinds) await client.attachments.create(7, { document });
    const heads = requests.map(({ body }) => body.toString("latin1").split("\r\n\r\n")[0].split("\r\n").slice(1).join(" "));
    assert.match(heads[0], /name="document"; filename="document"/);
    assert.match(heads[2], /filename="plan\.png" Content-Type: image\/png/);
    assert.match(heads[3], /filename="a %22b%22\.bin" Content-Type: x\/y/);
    for (const { body, headers, query } of requests) {
      assert.ok(body.includes(Buffer.from(bytes)));
      assert.match(headers["content-type"], /^multipart\/form-data; boundary=/);
      assert.equal(query.get("signature"), expectedSignature({ exam_id: "7", ...Object.fromEntries(query) }));
    }
  }));

test("a file is downloaded as bytes or as a stream, and a broken one is an error", async () => {
  const headers = { "Content-Type": "application/zip", "Content-Disposition": `attachment; filename="../x.zip"; filename*=UTF-8''..%2Fall%C3%A9.zip` };
  await serve([{ text: "PK content", headers }], async (client) => {
    const file = await client.exams.downloadDocumentsZip(1);
    assert.deepEqual([file.name, file.contentType, String(Buffer.from(await file.bytes()))], ["allé.zip", "application/zip", "PK content"]);
    await assert.rejects(file.bytes(), { name: "InvalidArgument" });
    let text = "";
    for await (const chunk of (await client.exams.downloadDocumentsZip(1)).stream) text += Buffer.from(chunk);
    assert.equal(text, "PK content");
  });
  await serve([{ text: "PK", headers, cut: true }], async (client) => {
    await assert.rejects(async () => (await client.exams.downloadDocumentsZip(1)).bytes(), ConnectionFailed);
  });
});

test("a job is waited for until it ends, or for as long as was said", async () => {
  const [field, success, failed, pending] = process.env.JOB.split(","); // the words of the description
  const state = (word) => ({ json: { [field]: word } });
  const fast = { intervalMs: 1, longestIntervalMs: 2 };
  await serve([state(pending), state(pending), state(pending), state(success), { text: "PK", headers: { "Content-Type": "application/zip" } }], async (client, requests) => {
    const states = [];
    const file = await client.exams.documentsZip(1, { ...fast, onState: (one) => states.push(one) });
    assert.equal(String(Buffer.from(await file.bytes())), "PK");
    assert.deepEqual(states, [pending, pending, success]);
    assert.equal(requests.length, 5);
  });
  await serve([state(pending), state(failed)], async (client) => {
    await assert.rejects(client.exams.documentsZip(1, fast), (error) => error instanceof JobFailed && error.state === failed);
  });
  await serve([state(pending)], async (client) => {
    await assert.rejects(client.exams.documentsZip(1, { ...fast, jobTimeoutMs: 10 }), JobTimedOut);
  });
  await serve([{ json: {} }], (client) => assert.rejects(client.exams.documentsZip(1, fast), UnexpectedResponse));
});
