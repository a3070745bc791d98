// MQTT.js: node mqtt-client.js '{"url":…,"ca":…,"clientId":…,"version":4|5,"filters":[…],…}'; prints what it hears, a packet a line.
'use strict';
const fs = require('fs');
const mqtt = require('mqtt');

const asked = JSON.parse(process.argv[2]);
const read = (file) => (file ? fs.readFileSync(file) : undefined);
const say = (kind, codes, text) => console.log(`${kind} ${codes.length ? codes.join(',') : '-'} ${text || ''}`);

const client = mqtt.connect(asked.url, {
  protocolVersion: asked.version,
  protocolId: 'MQTT',
  clientId: asked.clientId,
  clean: true,
  reconnectPeriod: 0,
  ca: read(asked.ca),
  cert: read(asked.cert),
  key: read(asked.key),
  will: asked.will,
});

client.on('packetreceive', (packet) => {
  const code = packet.reasonCode === undefined ? packet.returnCode || 0 : packet.reasonCode;
  const reason = packet.properties && packet.properties.reasonString;
  switch (packet.cmd) {
    case 'connack': say('CONNACK', [code], reason); break;
    case 'suback': say('SUBACK', packet.granted, reason); break;
    case 'puback':
    case 'pubrec': say('PUBACK', [code], reason); break;
    case 'publish': say('PUBLISH', [], packet.topic + ' ' + packet.payload); break;
    case 'disconnect': say('DISCONNECT', [code], reason); break;
  }
});
client.on('connect', () => {
  if (asked.filters.length) client.subscribe(asked.filters, { qos: asked.qos }, () => {});
  if (asked.message) {
    const { topic, payload, qos, retain } = asked.message;
    client.publish(topic, payload, { qos, retain }, () => {});
    // QoS 0 has no answer of its own: this one comes after its effect.
    if (qos === 0) client.subscribe('after/qos/0', () => {});
  }
});
client.on('error', () => client.end(true));
client.on('close', () => { say('CLOSED', []); process.exit(0); });
process.on('SIGTERM', () => client.end(false, {}, () => process.exit(0)));
