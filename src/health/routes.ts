import type { Answer, Routes } from './answer.ts';
import { healthzAnswer, livezAnswer, type ProxyHealth } from './proxy-health.ts';
import { type Readiness, readyzAnswer } from './readiness.ts';
import type { AgentStatus } from './status.ts';
import { statusAnswer } from './status-page.ts';

export type Probe = 'healthz' | 'livez' | 'readyz';

/** Where the answers of the health port come from; each is asked anew for every request. */
export interface HealthSources {
	readonly health: ProxyHealth;
	/** the own Node as it was last seen */
	readonly node: () => unknown;
	readonly readiness: () => Readiness;
	readonly status: () => AgentStatus;
	/** Told of every answer to a probe. */
	readonly onProbe: (probe: Probe, status: number) => void;
}

/** What the health port serves. */
export function healthRoutes({ health, node, readiness, status, onProbe }: HealthSources): Routes {
	const probe = (name: Probe, answer: () => Answer) => () => {
		const made = answer();
		onProbe(name, made.status);
		return made;
	};
	const page = (query: URLSearchParams) => statusAnswer(status(), query);
	return new Map([
		['/healthz', probe('healthz', () => healthzAnswer(health.health(), node()))],
		['/livez', probe('livez', () => livezAnswer(health.health()))],
		['/readyz', probe('readyz', () => readyzAnswer(readiness()))],
		['/', page],
		['/statusz', page],
	]);
}

/** What the metrics port serves. */
export function metricsRoutes(scrape: () => Promise<{ readonly contentType: string; readonly text: string }>): Routes {
	const page = async (): Promise<Answer> => {
		const { contentType, text } = await scrape();
		return { status: 200, headers: { 'Content-Type': contentType }, body: text };
	};
	return new Map([['/metrics', page]]);
}
