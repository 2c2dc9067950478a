// Retries, creations, errors: what is sent again, with what, and what callers are told.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";
import * as procwise from "procwise";
import { SECRET, TOKEN, expectedSignature, serve } from "./scripted_server.mjs";

const { ApiError, Client, ConnectionFailed, InvalidArgument, OutcomeUnknown, ProcwiseError, TimedOut, WrongBaseUrl } = procwise;
const exam = (id, more = {}) => ({ id, name: "Statics", type: "record_review", ...more });
const shown = { json: { exam: exam(17) } };
const listed = (...exams) => ({ json: { exams }, headers: { "X-Pagination-Page-Count": "1", "X-Pagination-Item-Count": String(exams.length) } });
const failure = (promise, kind) => promise.then(() => assert.fail("it succeeded"), (error) => (assert.ok(error instanceof kind, error), error));
const NEW = { name: "Statics", type: "record_review" };

test("an attempt that failed is repeated with a new timestamp, nonce and signature", () =>
  serve([{ status: 503 }, { status: 500 }, "lost", shown], async (client, requests) => {
    assert.equal((await client.exams.show(17)).id, 17);
    assert.equal(requests.length, 4);
    assert.equal(new Set(requests.map((one) => one.query.get("nonce"))).size, 4);
    for (const { query, headers } of requests) {
      assert.equal(query.get("signature"), expectedSignature({ id: "17", ...Object.fromEntries(query) }));
      assert.equal(headers.authorization, `Token token=${TOKEN}`);
      assert.equal(headers.accept, "application/vnd.procwise.v3");
    }
  }));

test("no more attempts are made than were asked for", () =>
  serve([{ status: 503 }], async (client, requests) => {
    const error = await failure(client.exams.show(17, { maxRetries: 2 }), ApiError);
    assert.deepEqual([error.status, error.attempts, requests.length], [503, 3, 3]);
  }));

test("a status that stays is not repeated", () =>
  serve([{ status: 501 }], async (client, requests) => {
    await failure(client.exams.show(17), ApiError);
    assert.equal(requests.length, 1);
  }));

test("the server gets the wait that it asks for, up to a limit", () =>
  serve([{ status: 429, headers: { "Retry-After": "0.2" } }, { status: 503, headers: { "Retry-After": "3600" } }, shown], async (client, requests) => {
    await client.exams.show(17, { longestRetryAfterMs: 250 });
    const waits = requests.slice(1).map((one, at) => one.at - requests[at].at);
    assert.ok(waits[0] >= 195 && waits[1] >= 245 && waits[1] < 60_000, String(waits));
  }));

test("what must not be done twice is repeated only if it did not leave", async () => {
  await serve([{ status: 503 }], async (client, requests) => {
    const error = await failure(client.exams.sendEmails(17), ApiError);
    assert.ok(error.mayHaveTakenEffect);
    assert.equal(requests.length, 1);
  });
  await serve(["lost"], async (client, requests) => {
    assert.equal((await failure(client.exams.sendEmails(17), ConnectionFailed)).sent, true);
    assert.equal(requests.length, 1);
  });
  const closed = await serve([shown], (_, __, baseUrl) => baseUrl);
  const client = new Client({ token: TOKEN, secretKey: SECRET, baseUrl: closed, firstWaitMs: 0, longestWaitMs: 0, maxRetries: 2 });
  const error = await failure(client.exams.sendEmails(17), ConnectionFailed);
  assert.deepEqual([error.sent, error.mayHaveTakenEffect, error.attempts], [false, false, 3]);
  const creation = await failure(client.exams.create(NEW), ConnectionFailed);
  assert.deepEqual([creation instanceof OutcomeUnknown, creation.sent, creation.attempts], [false, false, 3]);
});

test("what is gone after a deletion whose response was lost was deleted", () =>
  serve(["lost", { status: 404, json: { code: "record_not_found" } }], async (client) => {
    assert.equal(await client.exams.destroy(17), undefined);
  }));

test("what was never there is an error", () =>
  serve([{ status: 404, json: { code: "record_not_found" } }], async (client) => {
    assert.equal((await failure(client.exams.destroy(17), procwise.NotFoundError)).code, "record_not_found");
  }));

test("a created object whose response was lost is found in its list, and not created again", () =>
  serve([listed(exam(1)), "lost", listed(exam(1), exam(2))], async (client, requests) => {
    assert.equal((await client.exams.create(NEW)).id, 2);
    assert.deepEqual(requests.map((one) => one.method), ["GET", "POST", "GET"]);
  }));

test("a creation that left no object is repeated", () =>
  serve([listed(), "lost", listed(), { json: { exam: exam(2) } }], async (client, requests) => {
    assert.equal((await client.exams.create(NEW)).id, 2);
    assert.deepEqual(requests.map((one) => one.method), ["GET", "POST", "GET", "POST"]);
  }));

test("a creation that may still be under way is not repeated", () =>
  serve([listed(), { status: 504 }, listed()], async (client, requests) => {
    await failure(client.exams.create(NEW), OutcomeUnknown);
    assert.equal(requests.filter((one) => one.method === "POST").length, 1);
  }));

test("objects that may be the created one are named", () =>
  serve([listed(), "lost", listed(exam(2), exam(3)), listed(exam(2), exam(3))], async (client) => {
    const error = await failure(client.exams.create(NEW), OutcomeUnknown);
    assert.deepEqual(error.candidates, [2, 3]);
    assert.match(error.message, /may be 2 or 3/);
  }));

test("the whole list is read, page by page", () => {
  const page = (id, number) => ({ json: { exams: [exam(id)] }, headers: { "X-Pagination-Page-Count": "2", "X-Pagination-Page": String(number) } });
  return serve([page(1, 1), page(2, 2), "lost", page(3, 1), page(2, 2)], async (client, requests) => {
    assert.equal((await client.exams.create(NEW)).id, 3);
    assert.deepEqual(requests.map((one) => one.query.get("page")), ["1", "2", null, "1", "2"]);
  });
});

test("an object that another equal creation made is not returned for a lost one", () => {
  const made = [];
  let posts = 0;
  const script = ({ method }) => {
    if (method === "GET") return listed(...made);
    posts += 1;
    if (posts > 1) return { json: { exam: exam(2) } };
    made.push(exam(2)); // the other creation's object is there before its response is, whichever comes first
    return "lost";
  };
  return serve([script], async (client) => {
    const [one, other] = await Promise.allSettled([client.exams.create(NEW), client.exams.create(NEW)]);
    const outcomes = [one, other].map(({ status, value, reason }) => (status === "fulfilled" ? value.id : reason.constructor));
    assert.deepEqual(new Set(outcomes), new Set([2, OutcomeUnknown]));
  });
});

test("an object that shows something else than what was sent is not returned", () =>
  serve([listed(), "lost", listed(exam(2, { duration_minutes: 30 }))], async (client) => {
    const error = await failure(client.exams.create({ ...NEW, duration_minutes: 90 }), OutcomeUnknown);
    assert.deepEqual(error.candidates, [2]);
  }));

test("a list that cannot be read leaves the outcome unknown", () =>
  serve([{ status: 404 }, "lost"], async (client, requests) => {
    await failure(client.exams.create(NEW), OutcomeUnknown);
    assert.equal(requests.length, 2);
  }));

test("an error response says what it is, and holds no secret", () =>
  serve(
    [
      (request) => ({
        status: 422,
        headers: { "X-Request-Id": "r-1", "Set-Cookie": "a=b", "X-Echo": request.headers.authorization },
        json: { error: `Invalid: ${TOKEN}`, code: "parameter_missing", errors: { name: ["is too long"] }, sent: Object.fromEntries(request.query), url: request.path, name: "Ada Example" },
      }),
    ],
    async (client) => {
      const error = await failure(client.exams.update(17, { name: "Ada Example" }), procwise.UnprocessableContentError);
      assert.ok(error instanceof ApiError && error instanceof ProcwiseError);
      assert.deepEqual([error.status, error.code, error.requestId, error.method, error.path], [422, "parameter_missing", "r-1", "PATCH", "/api/v3/exams/17"]);
      assert.deepEqual(error.errors, { name: ["is too long"] });
      assert.ok(error.meaning && error.name === "UnprocessableContentError");
      const everything = `${inspect(error, { depth: 9 })} ${error.stack} ${JSON.stringify(error)} ${inspect(client, { depth: 9, showHidden: true })}`;
      for (const secret of [TOKEN, SECRET, "Ada Example", "a=b"]) assert.ok(!everything.includes(secret), everything);
      assert.ok(!/[0-9a-f]{64}/.test(everything), everything);
    },
  ));

test("a clock that the server refuses is corrected once", () => {
  const ahead = 7_200_000;
  const script = ({ query }) => {
    const isFresh = Math.abs(Number(query.get("timestamp")) - Date.now() - ahead) < 60_000;
    const date = { Date: new Date(Date.now() + ahead).toUTCString() };
    return isFresh ? { ...shown, headers: date } : { status: 403, headers: date, json: { code: "timestamp_invalid", error: "The timestamp is too old" } };
  };
  return serve([script], async (client, requests) => {
    await client.exams.show(17, { maxRetries: 0 });
    await client.exams.show(17);
    assert.equal(requests.length, 3);
  });
});

test("a wrong key is no matter of the clock", () =>
  serve([{ status: 403, json: { code: "signature_invalid" } }], async (client, requests) => {
    assert.equal((await failure(client.exams.show(17), procwise.ForbiddenError)).code, "signature_invalid");
    assert.equal(requests.length, 1);
  }));

test("a server that says nothing is waited for as long as was said", () =>
  serve(["silent"], async (client) => {
    const error = await failure(client.exams.show(17, { timeoutMs: 50, maxRetries: 1 }), TimedOut);
    assert.deepEqual([error.sent, error.attempts], [true, 2]);
    await failure(client.exams.show(17, { deadlineMs: 60, maxRetries: 1_000_000 }), TimedOut);
  }));

test("a signal ends a call, while it waits for the server and between attempts", async () => {
  const reason = new Error("the caller's own");
  for (const script of ["silent", { status: 503, headers: { "Retry-After": "60" } }]) {
    await serve([script], async (client, requests) => {
      const stopper = new AbortController();
      const call = client.exams.show(17, { signal: stopper.signal });
      while (!requests.length) await new Promise((resolve) => setTimeout(resolve, 5));
      setTimeout(() => stopper.abort(reason), 20);
      assert.equal(await call.catch((error) => error), reason);
      assert.equal(await client.exams.show(17, { signal: stopper.signal }).catch((error) => error), reason);
      assert.equal(requests.length, 1);
    });
  }
});

test("damaged JSON is read again, a page or a redirect is another server", async () => {
  await serve([{ text: '{"exam": {"id": 1' }, { cut: true, text: '{"exam"' }, shown], async (client, requests) => {
    assert.equal((await client.exams.show(17)).id, 17);
    assert.equal(requests.length, 3);
  });
  for (const script of [{ text: "<html>", headers: { "Content-Type": "text/html" } }, { status: 302, headers: { Location: "https://other.example/" } }]) {
    await serve([script], (client) => failure(client.exams.show(17), WrongBaseUrl));
  }
  await serve([{ json: { other: 1 } }], (client) => failure(client.exams.show(17), procwise.UnexpectedResponse));
});

test("what cannot be sent is refused before anything is", () =>
  serve([shown], async (client, requests, baseUrl) => {
    const circle = {};
    circle.inner = circle;
    const calls = [
      () => client.exams.show(".."),
      () => client.exams.show(""),
      () => client.exams.show(undefined),
      () => client.exams.update(17, { nmae: "x" }),
      () => client.studentSessions.create(17, { name: "x" }),
      () => client.exams.update(17, { name: "\ud83d" }),
      () => client.exams.update(17, { duration_minutes: NaN }),
      () => client.exams.update(17, { name: circle }),
      () => client.exams.update(17, { start_time: new Date(NaN) }),
      () => client.exams.show(17, { headers: { Authorization: "x" } }),
      () => client.exams.show(17, { headers: { "X-A": "a\nb" } }),
      () => client.exams.show(17, { timeoutMs: 0 }),
      () => client.attachments.create(17, { document: "text" }),
    ];
    for (const call of calls) await failure(Promise.resolve().then(call), InvalidArgument);
    assert.equal(requests.length, 0);
    assert.throws(() => new Client({ token: "", secretKey: SECRET, baseUrl }), procwise.CredentialsMissing);
    for (const url of ["", "ftp://e.example", "https://u:p@e.example", "https://e.example/?a=1", "https://e.example/api/v1", "e.example"]) {
      assert.throws(() => new Client({ token: TOKEN, secretKey: SECRET, baseUrl: url }), WrongBaseUrl, url);
    }
  }));
