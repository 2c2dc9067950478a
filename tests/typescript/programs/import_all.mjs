// Imports the modules that are named, and makes one call of each method; prints what was sent, and whether foreign code ran.
const [main, ...modules] = process.argv.slice(2);
for (const one of modules) await import(one);
const { Client } = await import(main);
const sent = [];
const fetch = async (url, init) => {
  sent.push([init.method, url]);
  return Response.json({});
};
const client = new Client({ token: "aaaa", secretKey: "bbbb", baseUrl: "https://own.example", fetch, maxRetries: 0 });
for (const resource of Object.values(client)) {
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((one) => one !== "constructor")) {
    try {
      const made = resource[name](1, {});
      await (made.first ? made.first() : made);
    } catch (error) {
      if (!/Procwise|InvalidArgument|UnexpectedResponse|TypeError/.test(error.name) || error instanceof SyntaxError) throw error;
    }
  }
}
console.log(JSON.stringify({ sent, foreign: globalThis.FOREIGN ?? null }));
