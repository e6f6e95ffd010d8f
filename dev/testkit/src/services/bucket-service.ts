import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AwsClient } from 'aws4fetch';
import { ChildService } from './child-service.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const name = 'frames';
/** Amazon's pages of a list have up to 1,000 keys. With fewer, tests need not store as many. */
export const bucketPageKeys = 50;
const key = { accessKeyId: 'invigil-test', secretAccessKey: 'not-a-secret' };

/** A bucket of a real S3-compatible server: the gateway of a Ceph cluster of one monitor and one disk in memory. */
export interface BucketService {
  name: string;
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Settings of a server that keeps its frames there. */
  environment: Record<string, string>;
  /** The server of the S3 API. The objects survive its stop. */
  gateway: ChildService;
  /** A signed request for a key, or for the bucket itself. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Stops everything and removes its files. */
  remove(): Promise<void>;
}

interface Ports {
  monitor: number;
  disk: number;
  gateway: number;
}

const address = (port: number): string => `[v2:127.0.0.1:${port}]`;

/** Changes of the cluster's map are agreed on at once; by default, each of the dozen at its start waits for a second. */
const settingsIn = (folder: string, fsid: string, ports: Ports): string => `[global]
fsid = ${fsid}
mon host = ${address(ports.monitor)}
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc secure
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = ${folder}/keyring
run dir = ${folder}
admin socket = ${folder}/$type.$id.$pid.asok
pid file =
log file = /dev/null
mon data = ${folder}/mon
mon data avail warn = 1
mon data avail crit = 1
mon cluster log to file = false
mon allow pool size one = true
paxos propose interval = 0.02
paxos min wait = 0.01
osd data = ${folder}/osd
osd objectstore = memstore
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
rgw frontends = beast endpoint=127.0.0.1:${ports.gateway} tcp_nodelay=1
rgw max listing results = ${bucketPageKeys}
rgw data = ${folder}/gateway
rgw enable apis = s3
rgw enable gc threads = false
rgw enable lc threads = false
rgw run sync thread = false
rgw override bucket index max shards = 1
[osd]
ms bind port min = ${ports.disk}
ms bind port max = ${ports.disk + 20}
`;

export const startBucket = async (): Promise<BucketService> => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-bucket-'));
  const ports = { monitor: await freePort(), disk: await freePort(), gateway: await freePort() };
  const fsid = randomUUID();
  const file = join(folder, 'ceph.conf');
  await writeFile(file, settingsIn(folder, fsid, ports));
  for (const part of ['mon', 'osd', 'gateway']) await mkdir(join(folder, part));
  const settings = ['--conf', file];
  const keyring = join(folder, 'keyring');
  // The gateway does not start without a key, which is never checked because authentication is off.
  await run('ceph-authtool', ['--create-keyring', keyring, '--gen-key', '--name', 'mon.', '--cap', 'mon', 'allow *']);
  await run('ceph-authtool', [keyring, '--gen-key', '--name', 'client.admin', '--cap', 'mon', 'allow *']);
  const map = join(folder, 'monitors');
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', address(ports.monitor), map]);
  await run('ceph-mon', ['--mkfs', '--id', 'a', '--monmap', map, '--keyring', keyring, ...settings]);
  const monitor = new ChildService(ports.monitor, ['ceph-mon', '--id', 'a', '--foreground', ...settings]);
  const disk = new ChildService(ports.disk, ['ceph-osd', '--id', '0', '--foreground', ...settings]);
  const gateway = new ChildService(ports.gateway, ['radosgw', '--name', 'client.admin', '--foreground', ...settings]);
  const remove = async (): Promise<void> => {
    await Promise.all([gateway.stop(), disk.stop(), monitor.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await monitor.start();
    const disks = randomUUID();
    await run('ceph', [...settings, 'osd', 'new', disks]);
    await run('ceph-osd', ['--id', '0', '--mkfs', '--osd-uuid', disks, ...settings]);
    await disk.start();
    await gateway.start();
    const user = ['--uid', 'test', '--display-name', 'test', '--access-key', key.accessKeyId];
    await run('radosgw-admin', [...settings, 'user', 'create', ...user, '--secret-key', key.secretAccessKey]);
    const service = serviceOf(ports.gateway, gateway, remove);
    await service.ask('', { method: 'PUT' });
    return service;
  } catch (error) {
    await remove();
    throw error;
  }
};

const serviceOf = (port: number, gateway: ChildService, remove: () => Promise<void>): BucketService => {
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new AwsClient({ ...key, service: 's3', region: 'us-east-1', retries: 0 });
  return {
    name,
    endpoint,
    ...key,
    environment: {
      FRAME_ARCHIVE_BUCKET: `s3://${name}`,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    },
    gateway,
    remove,
    async ask(path, init = {}) {
      const response = await client.fetch(`${endpoint}/${name}${path === '' ? '' : `/${path}`}`, init);
      if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${await response.text()}`);
      return response;
    },
  };
};
