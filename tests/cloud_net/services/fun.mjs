// See `fun`.
import { createRequire } from 'node:module';
import http from 'node:http';
import readline from 'node:readline';

const [folder, directory] = process.argv.slice(2);
const { createFunction } = createRequire(`${folder}/node_modules/`)('@vercel/fun');

const lambda = await createFunction({
  FunctionName: 'tiles',
  Code: { Directory: directory },
  Handler: 'bootstrap',
  Runtime: 'provided',
  Region: 'us-east-1',
  AccessKeyId: process.env.AWS_ACCESS_KEY_ID,
  SecretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  MemorySize: 512,
  Timeout: 300,
});

let failures = 0;
const fail = (why) => {
  failures += 1;
  console.error(String(why));
};

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    if (request.url !== '/2015-03-31/functions/tiles/invocations') {
      response.writeHead(404).end('{}');
      return;
    }
    response.writeHead(202).end();
    lambda
      .invoke({ InvocationType: 'RequestResponse', Payload: Buffer.concat(parts).toString() })
      .then((result) => result.FunctionError && fail(result.Payload), fail);
  });
});

server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', () => console.log(`ready ${failures}`));
lines.on('close', async () => {
  await lambda.destroy();
  process.exit(0);
});
