// Every operation of both versions, once and typed, against a sandbox; prints the method and path of each request that was sent.
import assert from "node:assert/strict";
import { ApiError, Client, Download, type models } from "procwise";
import * as v1 from "procwise/v1";

type Started = { base_url: string; token: string; secret_key: string; photographed: number };
const started: Started = JSON.parse(process.argv[2] ?? "{}");
const sent: [method: string, path: string, status: number][] = [];
const record: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  sent.push([init?.method ?? "", new URL(String(input)).pathname, response.status]);
  return response;
};
const options = { token: started.token, secretKey: started.secret_key, baseUrl: started.base_url, fetch: record };
const client = new Client(options);
const older = new v1.Client(options);
const now = Date.now();
const person = (name: string) => ({ name, email: `${name.replaceAll(" ", ".").toLowerCase()}.${now}@every.example` });
const password = { password: "Made-up passw0rd", password_confirmation: "Made-up passw0rd" };

async function institutes(): Promise<models.Institute> {
  assert.ok(Array.isArray(await client.identityProviders.list()));
  const institute = await client.institutes.create({ name: `Typed ${now}`, short_name: "t" });
  const listed: string[] = [];
  for await (const one of client.institutes.list({ limit: 2 })) listed.push(one.name);
  assert.ok(listed.includes(institute.name) && listed.length > 2, "several pages were read");
  assert.equal((await client.institutes.show(institute.id)).name, institute.name);
  await client.institutes.update(institute.id, { default_language: "nl-NL" });
  const replaced: models.Institute = await client.institutes.replace(institute.id, { global_proctor: true });
  assert.equal(replaced.id, institute.id);
  return replaced;
}

async function users(institute: number): Promise<number> {
  const user = await client.users.create(institute, { ...person("Proctor"), ...password, role: "proctor" });
  const listed = await client.users.list(institute).all();
  assert.deepEqual(listed.map((one) => one.id), [user.id]);
  assert.ok((await older.users.list(institute)).length > 0);
  assert.equal((await client.users.show(institute, user.id)).id, user.id);
  await client.users.update(institute, user.id, { report_frequency: "month" });
  await client.users.replace(institute, user.id, { omniauth_config_id: 1 });
  return user.id;
}

async function callFirstVersion(institute: number, user: number): Promise<number> {
  const exam = await older.exams.create({ name: "n", type: "local_reviewing", exam_content: "Read.", institute_id: institute });
  assert.ok((await older.exams.list()).some((one) => one.id === exam.id));
  assert.equal((await older.exams.show(exam.id)).name, "n");
  await older.exams.update(exam.id, { duration: 30 });
  await older.exams.replace(exam.id, { start_time: 1781506800123 });
  await older.exams.addToProctorPool(exam.id, { proctor_pool: [user] });
  assert.equal((await older.exams.listProctorPool(exam.id)).length, 1);
  await older.exams.removeFromProctorPool(exam.id, { proctor_pool: [user] });
  const pupil = await older.exams.addStudent(exam.id, person("Pupil One"));
  await older.studentSessions.create(exam.id, person("Pupil Two"));
  await older.exams.sendEmails(exam.id);
  assert.equal((await older.exams.showStudent(exam.id, { student_session_id: pupil.id })).id, pupil.id);
  assert.equal((await older.studentSessions.listForExam(exam.id)).length, 2);
  assert.ok((await older.studentSessions.list()).length >= 2);
  assert.equal((await older.studentSessions.show(pupil.id)).id, pupil.id);
  await older.studentSessions.update(pupil.id, { close_time: null });
  await older.studentSessions.replace(pupil.id, { open_time: 1781506800 });
  await older.studentSessions.destroy(pupil.id);
  return exam.id;
}

async function exams(institute: number): Promise<number> {
  const exam = await client.exams.create({ name: "Analysis – ∫ & more", type: "live_proctoring", institute_id: institute, start_time: new Date(now + 86_400_000) });
  assert.equal(exam.name, "Analysis – ∫ & more");
  const filtered = client.exams.list({ filter: { name: { eq: exam.name } }, sort: [{ start_time: "desc" }], limit: 5 });
  const page = await filtered.page(1);
  assert.ok(page.items.some((one) => one.id === exam.id) && page.itemCount !== null && page.limit === 5);
  assert.equal((await client.exams.show(exam.id)).id, exam.id);
  await client.exams.update(exam.id, { upload_answers: "1" });
  await client.exams.replace(exam.id, { end_time: 1781506800 });
  return exam.id;
}

async function contents(exam: number): Promise<() => Promise<void>> {
  const document = await client.documents.create(exam, { exam_content: "Read." });
  const { documents } = await client.documents.list(exam);
  assert.equal(documents?.[0]?.id, document.id);
  await client.documents.show(exam, document.id);
  await client.documents.update(exam, document.id, { exam_content: "Read on." });
  await client.documents.replace(exam, document.id, { exam_content: "Read." });
  const drawing = { data: new TextEncoder().encode("<svg/>"), name: "drawing.svg", type: "image/svg+xml" };
  const attachment = await client.attachments.create(exam, { document: drawing });
  assert.equal((await client.attachments.list(exam).first())?.id, attachment.id);
  await client.attachments.show(exam, attachment.id);
  return async () => {
    await client.attachments.destroy(exam, attachment.id);
    await client.documents.destroy(exam, document.id);
  };
}

async function students(exam: number): Promise<{ student: number; another: number }> {
  const student = await client.studentSessions.create(exam, { ...person("Ada Example"), external_id: "s1" });
  const another = await client.exams.addStudent(exam, person("Alan Example"));
  assert.equal((await client.studentSessions.listForExam(exam, { sort: [{ name: "asc" }] }).all()).length, 2);
  assert.equal((await client.exams.indexStudents(exam, { limit: 1 }).all()).length, 2);
  assert.ok(await client.studentSessions.list({ limit: 1 }).first());
  assert.equal((await client.studentSessions.show(student.id)).id, student.id);
  assert.equal((await client.exams.showStudent(exam, { student_session_id: student.id })).id, student.id);
  await client.studentSessions.update(student.id, { name: "Ada B." });
  await client.studentSessions.replace(student.id, { skip_requirements: true });
  await client.exams.sendEmails(exam);
  return { student: student.id, another: another.id };
}

async function tools(institute: number, exam: number): Promise<() => Promise<void>> {
  const tool = await client.toolProviders.create({ tool_name: "t", oauth_consumer_key: "k", oauth_consumer_secret: "s", institute_id: institute });
  assert.ok((await client.toolProviders.list()).some((one) => one.id === tool.id));
  await client.toolProviders.show(tool.id);
  await client.toolProviders.update(tool.id, { tool_url: "https://tools.example/" });
  await client.toolProviders.replace(tool.id, { lti_custom_data: "{}" });
  const lti = await client.ltiResources.create({ lti_resource_link_name: "l", exam_id: exam, tool_provider_id: tool.id });
  assert.ok((await client.ltiResources.list().all()).some((one) => one.id === lti.id));
  const shown = await client.ltiResources.show(lti.id);
  await client.ltiResources.update(lti.id, { open_in_new_tab: true });
  await client.ltiResources.replace(lti.id, { lti_resource_link_name: "m" });
  assert.ok(shown.lti_resource_link_id);
  await client.exams.showLtiStudent(exam, { student_lms_id: "s1", resource_link_id: shown.lti_resource_link_id });
  return async () => {
    await client.ltiResources.destroy(lti.id);
    await client.toolProviders.destroy(tool.id);
  };
}

async function staffAndJob(exam: number, user: number): Promise<void> {
  assert.equal((await client.exams.addComanager(exam, { comanager_id: user })).id, user);
  await client.exams.removeComanager(exam, { comanager_id: user });
  const states: string[] = [];
  const zip: Download = await client.exams.documentsZip(exam, { intervalMs: 20, onState: (state) => states.push(state) });
  assert.equal(zip.contentType, "application/zip");
  const bytes = await zip.bytes();
  assert.deepEqual([...bytes.subarray(0, 2)], [0x50, 0x4b]);
  assert.ok(states.length > 0);
}

async function sessions(student: number, user: number): Promise<void> {
  await client.studentSessions.assignProctor(student, { proctor_id: user });
  await client.studentSessions.unassignProctor(student);
  assert.ok((await client.studentSessions.facePhoto(started.photographed)).url);
  await client.studentSessions.destroyFacePhoto(student);
  await client.studentSessions.destroyIdCard(student);
  await client.studentSessions.endExam(student, { notification_title: "t", notification_text: "x", notification_type: "warning" });
  await client.studentSessions.destroy(student);
}

const institute = await institutes();
const user = await users(institute.id);
const first = await callFirstVersion(institute.id, user);
const exam = await exams(institute.id);
const removeContents = await contents(exam);
const { student, another } = await students(exam);
const removeTools = await tools(institute.id, exam);
await staffAndJob(exam, user);
await sessions(student, user);
await client.exams.deleteStudent(exam, { student_session_id: another });
await removeContents();
await removeTools();
await client.exams.destroy(exam);
await older.exams.destroy(first);
await client.users.destroy(institute.id, user);
await client.institutes.destroy(institute.id);
await assert.rejects(client.exams.show(exam), (error) => error instanceof ApiError && error.status === 404 && error.code === "record_not_found");
console.log(JSON.stringify(sent));
