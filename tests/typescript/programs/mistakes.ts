// What the types refuse: each line below a comment would compile if they did not.
import { Client, type models } from "procwise";

const client = new Client({ token: "t", secretKey: "s", baseUrl: "https://e.example" });

export async function makeMistakes(): Promise<void> {
  const exam: models.Exam = await client.exams.show(1);
  // @ts-expect-error: a member that the description does not have
  console.log(exam.nmae);
  // @ts-expect-error: null stands there where an exam has no end
  console.log(exam.end_time.length);
  // @ts-expect-error: a name is required
  await client.exams.create({ type: "record_review" });
  // @ts-expect-error: no such type of an exam
  await client.exams.create({ name: "n", type: "record_revue" });
  // @ts-expect-error: no such argument
  await client.exams.create({ name: "n", type: "record_review", lenght: 3 });
  // @ts-expect-error: an id is a number
  await client.exams.show("1");
  // @ts-expect-error: no such column
  client.exams.list({ filter: { nmae: { eq: "x" } } });
  // @ts-expect-error: no such operator
  client.exams.list({ filter: { name: { is: "x" } } });
  // @ts-expect-error: no such direction
  client.exams.list({ sort: [{ name: "up" }] });
  // @ts-expect-error: no such status
  client.exams.list({ status: "opne" });
  // @ts-expect-error: a list is iterated with `for await`
  for (const one of client.exams.list()) console.log(one);
  // @ts-expect-error: a file is no text
  await client.attachments.create(1, { document: "text" });
  // @ts-expect-error: no such option
  await client.exams.show(1, { timeout: 3 });
  // @ts-expect-error: no such option of the client
  new Client({ key: "s" });
}
