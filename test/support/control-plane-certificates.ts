import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Files of a control plane's own authority, in PEM. */
export interface Certificates {
	readonly authority: string;
	/** the API server's, for this machine's loopback addresses */
	readonly server: KeyPair;
	/** somebody who may do everything */
	readonly admin: KeyPair;
	/** signs the tokens of ServiceAccounts; the public half is in `certificate` */
	readonly accounts: KeyPair;
}

export interface KeyPair {
	readonly key: string;
	readonly certificate: string;
}

/** Makes them all with openssl, good for a day. */
export async function makeCertificates(folder: string): Promise<Certificates> {
	const path = (name: string) => join(folder, name);
	const openssl = (...args: readonly string[]) => execa('openssl', args);
	const newKey = (file: string) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file);
	const authority = { key: path('ca.key'), certificate: path('ca.crt') };
	await newKey(authority.key);
	const ca = [
		'-x509',
		'-key',
		authority.key,
		'-subj',
		'/CN=nft-gen tests',
		'-days',
		'1',
		'-out',
		authority.certificate,
	];
	await openssl('req', ...ca);

	const signed = async (name: string, subject: string, extensions: string): Promise<KeyPair> => {
		const pair = { key: path(`${name}.key`), certificate: path(`${name}.crt`) };
		const request = path(`${name}.csr`);
		const config = path(`${name}.ext`);
		await writeFile(config, extensions);
		await newKey(pair.key);
		await openssl('req', '-new', '-key', pair.key, '-subj', subject, '-out', request);
		const by = ['-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial'];
		const what = ['-in', request, '-extfile', config, '-days', '1', '-out', pair.certificate];
		await openssl('x509', '-req', ...by, ...what);
		return pair;
	};
	const names = 'subjectAltName=DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:::1,IP:10.96.0.1\n';
	const server = await signed('server', '/CN=kube-apiserver', `${names}extendedKeyUsage=serverAuth\n`);
	const admin = await signed('admin', '/O=system:masters/CN=admin', 'extendedKeyUsage=clientAuth\n');

	const accounts = { key: path('accounts.key'), certificate: path('accounts.pub') };
	await newKey(accounts.key);
	await openssl('ec', '-in', accounts.key, '-pubout', '-out', accounts.certificate);
	return { authority: authority.certificate, server, admin, accounts };
}
