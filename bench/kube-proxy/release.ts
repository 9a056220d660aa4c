/** The last release of each shape that kube-proxy's rules have had in nftables mode since 1.34. */
export const KUBE_PROXY_RELEASES = ['1.35', '1.36'] as const;

/** `1.35`: a chain for each endpoint; `1.36`, and later: a chain for each Service, with an anonymous map. */
export type KubeProxyRelease = (typeof KUBE_PROXY_RELEASES)[number];
