import { networkInterfaces } from 'node:os';

/** Every address that the machine's interfaces have now. */
export function interfaceAddresses(): readonly string[] {
	return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}
