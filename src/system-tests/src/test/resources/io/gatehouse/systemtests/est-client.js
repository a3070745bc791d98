// EST (RFC 7030) with nothing but Node's own https: node est-client.js '{"url":…,"ca":…,"csr":…,…}'; prints the answer's base64.
'use strict';
const fs = require('fs');
const https = require('https');

const asked = JSON.parse(process.argv[2]);
const read = (file) => (file ? fs.readFileSync(file) : undefined);

function call(method, operation, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(asked.url + '/.well-known/est/' + operation, {
      method,
      ca: read(asked.ca),
      cert: read(asked.cert),
      key: read(asked.key),
      auth: asked.cert ? undefined : asked.user + ':' + fs.readFileSync(asked.secretFile, 'utf8'),
      minVersion: asked.tls,
      maxVersion: asked.tls,
      headers: body ? { 'Content-Type': 'application/pkcs10', 'Content-Length': body.length } : {},
    }, (response) => {
      const spoken = response.socket.getProtocol();
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => { text += piece; });
      response.on('end', () => {
        if (response.statusCode !== 200) {
          reject(new Error(response.statusCode + ' ' + response.headers['gatehouse-reason']));
        } else if (spoken !== asked.tls) {
          reject(new Error('spoke ' + spoken));
        } else {
          resolve(text);
        }
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

(async () => {
  await call('GET', 'cacerts');
  const csr = fs.readFileSync(asked.csr).toString('base64');
  process.stdout.write(await call('POST', asked.cert ? 'simplereenroll' : 'simpleenroll', Buffer.from(csr)));
})().catch((failure) => {
  console.error(failure.message);
  process.exit(1);
});
