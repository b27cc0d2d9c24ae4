/** Generated from openapi/openapi.json by scripts/generate-client. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the daemon answers
         * @description Answers as long as the daemon can; needs no token.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the metrics, for Prometheus
         * @description Prometheus text. Counters go by stable ids and survive restarts and upgrades.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the newest policy is in force
         * @description 503 until the newest policy is in force; needs no token.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List every attempt to change something, the newest first
         * @description Every attempt to change something, the newest first: who, from where, what, and what came of it.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the devices of this host
         * @description What the host has, whether the policy names it or not.
         */
        get: operations["listDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Listen to what happens
         * @description Server-sent events. `event` is the type, `data` a JSON object with `time` (RFC 3339) and what is known: of `drop` and `match` the packet by the names of a trace, with `verdict`, `reason`, `rule`, `interface`, and `observed` where a rule only observes; of `detection` `detector`, `type`, the `source` or `destination`, `value`, `window` and `enforced`; of `policy` `revision`, `who` and `cause`; of `attach` the device and its state; of `lost` the `cause` and, where known, the number of `events` that are missing. Drops are told while somebody listens, matches of rules with `log` too. `id` is `epoch-sequence`: sent back as `Last-Event-ID` it goes on from there, as far as the newest 4,096 events reach. Nothing is left out silently: the programs tell at most some 7,600 events of a type in a second on each CPU, a client that reads too slowly falls behind, and `lost` says so.
         */
        get: operations["getEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/interfaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List interfaces
         * @description A page in byte order of the names. `label` narrows it, `include=status` adds what moves. The last page has no `nextCursor`.
         */
        get: operations["listInterfaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/interfaces/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a interface
         * @description What comes out is exactly what `PUT` takes; the ETag is the revision at which it last changed.
         */
        get: operations["getInterface"];
        /**
         * Create or replace a interface
         * @description Creates or replaces, and answers when the kernel enforces it. `If-Match` replaces that revision only, `If-None-Match: *` creates only.
         */
        put: operations["putInterface"];
        post?: never;
        /**
         * Delete a interface
         * @description Refused with 409 while something refers to it; `errors` names the users.
         */
        delete: operations["deleteInterface"];
        options?: never;
        head?: never;
        /**
         * Change fields of a interface
         * @description RFC 7396: null removes a field, objects merge, all else replaces. It merges into the newest revision.
         */
        patch: operations["patchInterface"];
        trace?: never;
    };
    "/v1/interfaces/{name}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how a interface is doing
         * @description What moves: counters that only grow, and states. Without ETag.
         */
        get: operations["getInterfaceStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the emergency switch
         * @description The emergency switch, which is no part of the policy and survives restarts.
         */
        get: operations["getMode"];
        /**
         * Set the emergency switch: in force with the next packet, outside of revisions
         * @description Takes effect at once and before any rule. `enforce` gives the policy back its say.
         */
        put: operations["setMode"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this document
         * @description This document. `/docs` shows it.
         */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the policy
         * @description JSON, or YAML by `Accept: application/yaml`. What comes out is exactly what `PUT` takes.
         */
        get: operations["getPolicy"];
        /**
         * Replace the policy
         * @description Creates or replaces, and answers when the kernel enforces it. `If-Match` replaces that revision only, `If-None-Match: *` creates only.
         */
        put: operations["putPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change parts of the policy
         * @description RFC 7396: null removes a field, objects merge, all else replaces. It merges into the newest revision.
         */
        patch: operations["patchPolicy"];
        trace?: never;
    };
    "/v1/policy/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what waits for its confirmation
         * @description The change that waits, and until when.
         */
        get: operations["getConfirm"];
        put?: never;
        /**
         * Keep what waits for its confirmation; over TCP on a connection that is newer than the change
         * @description Keeps what waits. Over TCP it counts only on a connection that was opened after the change.
         */
        post: operations["confirm"];
        /**
         * Roll back what waits for its confirmation, now
         * @description The policy before comes back now, and not at the deadline.
         */
        delete: operations["rollBack"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what changed from one revision to another
         * @description What a step from one to the other changes, field by field.
         */
        get: operations["diffRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the revisions that are kept, the newest first
         * @description The newest first; as many as the daemon keeps.
         */
        get: operations["listRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/revisions/{revision}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the policy as it was at a revision
         * @description The policy as it was, without entries of sets. 410 where it is not kept any more.
         */
        get: operations["getRevision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/revisions/{revision}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring the policy of a revision into force again, as a new revision; entries of sets stay as they are
         * @description Makes a new revision of an earlier policy. Entries of sets stay as they are.
         */
        post: operations["restoreRevision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rules
         * @description A page in byte order of the names. `label` narrows it, `include=status` adds what moves. The last page has no `nextCursor`.
         */
        get: operations["listRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a rule
         * @description What comes out is exactly what `PUT` takes; the ETag is the revision at which it last changed.
         */
        get: operations["getRule"];
        /**
         * Create or replace a rule
         * @description Creates or replaces, and answers when the kernel enforces it. `If-Match` replaces that revision only, `If-None-Match: *` creates only.
         */
        put: operations["putRule"];
        post?: never;
        /**
         * Delete a rule
         * @description Refused with 409 while something refers to it; `errors` names the users.
         */
        delete: operations["deleteRule"];
        options?: never;
        head?: never;
        /**
         * Change fields of a rule
         * @description RFC 7396: null removes a field, objects merge, all else replaces. It merges into the newest revision.
         */
        patch: operations["patchRule"];
        trace?: never;
    };
    "/v1/rules/{name}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how a rule is doing
         * @description What moves: counters that only grow, and states. Without ETag.
         */
        get: operations["getRuleStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List services
         * @description A page in byte order of the names. `label` narrows it, `include=status` adds what moves. The last page has no `nextCursor`.
         */
        get: operations["listServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a service
         * @description What comes out is exactly what `PUT` takes; the ETag is the revision at which it last changed.
         */
        get: operations["getService"];
        /**
         * Create or replace a service
         * @description Creates or replaces, and answers when the kernel enforces it. `If-Match` replaces that revision only, `If-None-Match: *` creates only.
         */
        put: operations["putService"];
        post?: never;
        /**
         * Delete a service
         * @description Refused with 409 while something refers to it; `errors` names the users.
         */
        delete: operations["deleteService"];
        options?: never;
        head?: never;
        /**
         * Change fields of a service
         * @description RFC 7396: null removes a field, objects merge, all else replaces. It merges into the newest revision.
         */
        patch: operations["patchService"];
        trace?: never;
    };
    "/v1/services/{name}/backends/{backend}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a backend
         * @description What comes out is exactly what `PUT` takes; the ETag is the revision at which it last changed.
         */
        get: operations["getBackend"];
        /**
         * Create or replace a backend
         * @description Creates or replaces, and answers when the kernel enforces it. `If-Match` replaces that revision only, `If-None-Match: *` creates only.
         */
        put: operations["putBackend"];
        post?: never;
        /**
         * Delete a backend
         * @description Refused with 409 while something refers to it; `errors` names the users.
         */
        delete: operations["deleteBackend"];
        options?: never;
        head?: never;
        /**
         * Change fields of a backend
         * @description RFC 7396: null removes a field, objects merge, all else replaces. It merges into the newest revision.
         */
        patch: operations["patchBackend"];
        trace?: never;
    };
    "/v1/services/{name}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how a service is doing
         * @description What moves: counters that only grow, and states. Without ETag.
         */
        get: operations["getServiceStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sets
         * @description A page in byte order of the names. `label` narrows it, `include=status` adds what moves. The last page has no `nextCursor`.
         */
        get: operations["listSets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a set
         * @description What comes out is exactly what `PUT` takes; the ETag is the revision at which it last changed.
         */
        get: operations["getSet"];
        /**
         * Create or replace a set
         * @description Creates or replaces, and answers when the kernel enforces it. `If-Match` replaces that revision only, `If-None-Match: *` creates only.
         */
        put: operations["putSet"];
        post?: never;
        /**
         * Delete a set
         * @description Refused with 409 while something refers to it; `errors` names the users.
         */
        delete: operations["deleteSet"];
        options?: never;
        head?: never;
        /**
         * Change fields of a set
         * @description RFC 7396: null removes a field, objects merge, all else replaces. It merges into the newest revision.
         */
        patch: operations["patchSet"];
        trace?: never;
    };
    "/v1/sets/{name}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the entries of a set
         * @description A page in order of the prefixes, IPv4 first. `contains` answers the entries that contain an address.
         */
        get: operations["listEntries"];
        /**
         * Replace all entries of a set
         * @description A list in JSON, or a prefix a line in plain text, read as it arrives. An empty body needs `allowEmpty=true`.
         */
        put: operations["putEntries"];
        post?: never;
        /**
         * Empty a set
         * @description The set stays, empty, and so matches nothing.
         */
        delete: operations["deleteEntries"];
        options?: never;
        head?: never;
        /**
         * Add and remove entries
         * @description Adds and removes in one step. To add never shortens: permanent beats timed, later beats earlier, unless `replace` says so.
         */
        patch: operations["patchEntries"];
        trace?: never;
    };
    "/v1/sets/{name}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how a set is doing
         * @description What moves: counters that only grow, and states. Without ETag.
         */
        get: operations["getSetStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the gate is doing
         * @description Revision, whether the kernel agrees, mode, devices, and how full each table is.
         */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tokens
         * @description Names, roles and ends; secrets are not kept.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Create a token
         * @description The secret is shown in this answer and never again: only its hash is kept.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a token
         * @description Requests with it are refused from the answer on.
         */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what would happen to a packet
         * @description The loaded program is asked itself, on a twin that shares the policy, so that no live counter, limit or connection moves.
         */
        post: operations["trace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An attempt to change something */
        AuditEntry: {
            /**
             * @description Method and path, or what the daemon did
             * @example PUT /v1/rules/block-bad
             */
            action: string;
            /**
             * Format: date-time
             * @description When
             * @example 2030-01-01T00:00:00Z
             */
            at: string;
            /**
             * @description More about it
             * @example deploy (operator)
             */
            detail?: string;
            /**
             * @description Rises with each attempt
             * @example 1007
             */
            id: number;
            /**
             * @description Where it came from
             * @example unix socket
             */
            origin?: string;
            /**
             * @description `done`, or the code of the refusal (docs/errors.md)
             * @example done
             */
            outcome: string;
            /**
             * @description That it became
             * @example 42
             */
            revision?: number;
            /**
             * @description A token, a user of the unix socket, the daemon itself, or nobody
             * @example uid 0
             */
            who: string;
        };
        /**
         * @description A server behind a service
         * @example {
         *       "address": "10.0.0.11",
         *       "port": 8080,
         *       "weight": 100
         *     }
         */
        Backend: {
            /**
             * @description Address of the backend
             * @example 10.0.0.11
             */
            address: string;
            /**
             * @description For people
             * @example see ticket 1234
             */
            comment?: string;
            /** @description Words to find an object by */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description Port of the backend; absent: the packet keeps its own
             * @example 8080
             */
            port?: number;
            /**
             * @description draining keeps its connections and gets no new ones; disabled loses them (default: active)
             * @example active
             * @enum {unknown}
             */
            state?: "active" | "draining" | "disabled";
            /**
             * @description Share of new connections beside the other weights; 0: none (default: 100)
             * @example 100
             */
            weight?: number;
        };
        /** @description What a backend was sent */
        BackendStatus: {
            /**
             * @description Of IP packets, monotonic
             * @example 1
             */
            bytes: number;
            /**
             * @description When the counters were zero
             * @example 2030-01-01T00:00:00Z
             */
            countedSince: string | null;
            /**
             * @description unknown: it is not checked
             * @example up
             * @enum {unknown}
             */
            health: "up" | "down" | "unknown";
            /**
             * @description Monotonic
             * @example 1
             */
            packets: number;
            /**
             * @description Of new connections, 0 to 1
             * @example 1
             */
            share: number;
        };
        /** @description One change of the policy */
        Change: {
            /**
             * @description Value before
             * @example allow
             */
            from?: unknown;
            /**
             * @description What happens at the path
             * @example add
             * @enum {unknown}
             */
            op: "add" | "remove" | "replace";
            /**
             * @description RFC 6901, from the root of the policy
             * @example /rules/block-bad/priority
             */
            path: string;
            /**
             * @description Value after
             * @example deny
             */
            to?: unknown;
        };
        /** @description What holds where no rule decides */
        Defaults: {
            /** @description Connection tracking */
            connections?: {
                /**
                 * @description Connections tracked at a time (default: 262144)
                 * @example 1000000
                 */
                max?: number;
                /**
                 * @description Connections that began unseen are picked up in mid-stream; absent: for one tcpEstablished after rules first ask for state
                 * @example true
                 */
                pickUp?: boolean;
                /** @description Idle times after which a connection is forgotten */
                timeouts?: {
                    /**
                     * @description Idle time of an ICMP exchange (default: 30s)
                     * @example 30s
                     */
                    icmp?: string;
                    /**
                     * @description Idle time of a TCP connection that is being closed (default: 30s)
                     * @example 30s
                     */
                    tcpClosing?: string;
                    /**
                     * @description Idle time of an established TCP connection (default: 24h)
                     * @example 1h
                     */
                    tcpEstablished?: string;
                    /**
                     * @description Idle time of a TCP connection that is being opened (default: 60s)
                     * @example 30s
                     */
                    tcpOpening?: string;
                    /**
                     * @description Idle time of a UDP flow (default: 60s)
                     * @example 60s
                     */
                    udp?: string;
                };
            };
            /**
             * @description What happens to outgoing packets that no rule decides
             * @example allow
             * @enum {unknown}
             */
            egress?: "allow" | "deny";
            /**
             * @description Exempts neighbour discovery, router advertisements, too-big messages and DHCP from the default (default: true)
             * @example true
             */
            essentials?: boolean;
            /**
             * @description What happens to incoming packets that no rule decides
             * @example allow
             * @enum {unknown}
             */
            ingress?: "allow" | "deny";
            /**
             * @description Ways in that are allowed before anything else; absent: tcp 22 and the API from everywhere; []: none
             * @example [
             *       {
             *         "port": 22,
             *         "protocol": "tcp",
             *         "sources": [
             *           "192.0.2.0/24"
             *         ]
             *       }
             *     ]
             */
            management?: {
                /**
                 * @description Destination port of the way in
                 * @example 22
                 */
                port: number;
                /**
                 * @description Transport protocol
                 * @example tcp
                 * @enum {unknown}
                 */
                protocol: "tcp" | "udp" | "sctp";
                /**
                 * @description Who may come in this way; absent: everybody
                 * @example [
                 *       "192.0.2.0/24"
                 *     ]
                 */
                sources?: string[];
            }[];
            /**
             * @description Prefixes that no feed, list or detector may put into a set
             * @example [
             *       "192.0.2.0/28"
             *     ]
             */
            protected?: string[];
        };
        /** @description How the dataplane stands on a device */
        DeviceStatus: {
            /**
             * @description Driver of the device
             * @example virtio_net
             */
            driver: string;
            /**
             * @description How tc_egress is attached
             * @example tcx
             * @enum {unknown}
             */
            egress: "tcx" | "clsact" | "off";
            /**
             * @description Why the state is degraded
             * @example XDP is owned by another program
             */
            error?: string;
            /**
             * @description Number that the kernel gave the device
             * @example 2
             */
            ifindex: number;
            /**
             * @description Id of the BPF link; null: no link holds the program
             * @example 1
             */
            linkId: number | null;
            /**
             * @description Of xdp_ingress
             * @example native
             * @enum {unknown}
             */
            mode: "native" | "generic" | "off";
            /**
             * @description Largest packet in bytes
             * @example 1500
             */
            mtu: number;
            /**
             * @description Name, or device
             * @example eth0
             */
            name: string;
            /**
             * @description Id of the program; null: none is attached
             * @example 1
             */
            programId: number | null;
            /**
             * @description How it stands
             * @example attached
             * @enum {unknown}
             */
            state: "attached" | "degraded" | "detached";
        };
        /** @description What a change would do; nothing was changed */
        DryRun: {
            /**
             * @description Revision that the changes were worked out from
             * @example 1
             */
            baseRevision: number;
            /**
             * @description How full each table is and would be
             * @example [
             *       {
             *         "table": "prefixes_ipv4",
             *         "used": 1,
             *         "after": 1,
             *         "max": 1
             *       }
             *     ]
             */
            capacity: {
                /**
                 * @description Rows in use after the change
                 * @example 1
                 */
                after: number;
                /**
                 * @description Rows that there are
                 * @example 1
                 */
                max: number;
                /**
                 * @description Name of the table
                 * @example prefixes_ipv4
                 */
                table: string;
                /**
                 * @description Rows in use now
                 * @example 1
                 */
                used: number;
            }[];
            /** @description What would differ, field by field */
            changes: components["schemas"]["Change"][];
            /** @description What is allowed and yet often a mistake */
            warnings: components["schemas"]["Warning"][];
        };
        /**
         * @description A prefix, alone or with what is known about it
         * @example 192.0.2.7
         */
        Entry: string | {
            /**
             * @description RFC 3339 time at which the entry came in; read, and ignored when written
             * @example 2030-01-01T00:00:00Z
             */
            addedAt?: string;
            /**
             * @description For people
             * @example see ticket 1234
             */
            comment?: string;
            /**
             * @description RFC 3339 time at which the entry is gone
             * @example 2030-01-01T00:00:00Z
             */
            expiresAt?: string;
            /**
             * @description Time until the entry is gone
             * @example 10m
             */
            expiresIn?: string;
            /**
             * @description Prefix or address
             * @example 192.0.2.0/24
             */
            prefix: string;
            /**
             * @description Lets this entry shorten an existing one
             * @example false
             */
            replace?: boolean;
        };
        /** @description One fault of a request */
        Fault: {
            /** @description Rows of a table now, after the change, and at most */
            capacity?: {
                /**
                 * @description Rows in use after the change
                 * @example 1
                 */
                after: number;
                /**
                 * @description Rows that there are
                 * @example 1
                 */
                max: number;
                /**
                 * @description Name of the table
                 * @example prefixes_ipv4
                 */
                table: string;
                /**
                 * @description Rows in use now
                 * @example 1
                 */
                used: number;
            };
            /**
             * @description One of the codes of docs/errors.md
             * @example host_bits
             */
            code: string;
            /**
             * @description What is so, in words
             * @example 10.0.0.7/8 has bits set past /8
             */
            detail: string;
            /**
             * @description What to type instead
             * @example write 10.0.0.0/8, or 10.0.0.7/32 for one host
             */
            hint?: string;
            /**
             * @description RFC 6901, from the root of the body
             * @example /match/source/0
             */
            pointer: string;
        };
        /**
         * @description A device to stand on, or a pattern of devices
         * @example {
         *       "xdp": "auto",
         *       "egress": "auto"
         *     }
         */
        Interface: {
            /**
             * @description For people
             * @example see ticket 1234
             */
            comment?: string;
            /**
             * @description How tc_egress is attached (default: auto)
             * @example auto
             * @enum {unknown}
             */
            egress?: "auto" | "tcx" | "clsact" | "off";
            /** @description Words to find an object by */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description How xdp_ingress is attached (default: auto)
             * @example auto
             * @enum {unknown}
             */
            xdp?: "auto" | "native" | "generic" | "off";
        };
        /** @description Devices that an entry of `interfaces` stands for */
        InterfaceStatus: {
            /** @description Devices, each with how the dataplane stands on it */
            devices: components["schemas"]["DeviceStatus"][];
            /**
             * @description Of the worst of its devices
             * @example attached
             * @enum {unknown}
             */
            state: "attached" | "degraded" | "absent";
        };
        /** @description What the rule matches; {} matches all */
        Match: {
            /**
             * @description Control group of the sender (egress)
             * @example /system.slice/nginx.service
             */
            cgroup?: string;
            /**
             * @description Prefixes and @sets, one of which must contain the destination
             * @example [
             *       "@local"
             *     ]
             */
            destination?: string[];
            /**
             * @description Destination ports, both ends included
             * @example [
             *       "80",
             *       "8000-8100"
             *     ]
             */
            destinationPorts?: string[];
            /**
             * @description Differentiated services code point
             * @example 46
             */
            dscp?: number;
            /**
             * @description Fragments
             * @example none
             * @enum {unknown}
             */
            fragment?: "none" | "first" | "later" | "any";
            /** @description ICMP or ICMPv6 message */
            icmp?: {
                /**
                 * @description Code of the message; absent: any
                 * @example 0
                 */
                code?: number;
                /**
                 * @description Type of the message
                 * @example 8
                 */
                type: number;
            };
            /**
             * @description Length of the IP packet in bytes
             * @example 64-1500
             */
            length?: string;
            /**
             * @description Prefixes and @sets, none of which may contain the destination
             * @example [
             *       "@services"
             *     ]
             */
            notDestination?: string[];
            /**
             * @description Prefixes and @sets, none of which may contain the source
             * @example [
             *       "192.0.2.7"
             *     ]
             */
            notSource?: string[];
            /**
             * @description Protocol by name or number
             * @example tcp
             */
            protocol?: ("tcp" | "udp" | "icmp" | "icmpv6" | "sctp") | number;
            /**
             * @description Prefixes and @sets, one of which must contain the source
             * @example [
             *       "192.0.2.0/24",
             *       "@blocklist"
             *     ]
             */
            source?: string[];
            /**
             * @description Source ports, both ends included
             * @example [
             *       "80",
             *       "8000-8100"
             *     ]
             */
            sourcePorts?: string[];
            /**
             * @description State of the connection
             * @example [
             *       "new"
             *     ]
             */
            state?: ("new" | "established" | "related" | "invalid")[];
            /**
             * @description TCP flags
             * @example {
             *       "set": [
             *         "syn"
             *       ],
             *       "unset": [
             *         "ack"
             *       ]
             *     }
             */
            tcpFlags?: {
                /**
                 * @description Flags that are set
                 * @example [
                 *       "fin"
                 *     ]
                 */
                set?: ("fin" | "syn" | "rst" | "psh" | "ack" | "urg" | "ece" | "cwr")[];
                /**
                 * @description Flags that are not set
                 * @example [
                 *       "fin"
                 *     ]
                 */
                unset?: ("fin" | "syn" | "rst" | "psh" | "ack" | "urg" | "ece" | "cwr")[];
            };
            /**
             * @description User of the sender (egress)
             * @example 1000
             */
            uid?: number;
            /**
             * @description VLAN id
             * @example 100
             */
            vlan?: number;
        };
        /** @description A revision that waits for its confirmation */
        PendingConfirm: {
            /**
             * @description Whose policy comes back
             * @example 41
             */
            base: number;
            /**
             * @description What was asked for
             * @example PUT /v1/policy
             */
            cause: string;
            /**
             * Format: date-time
             * @description When it comes back; kept on a clock that nobody sets, told by the wall clock as it stands now
             * @example 2030-01-01T00:01:00Z
             */
            deadline: string;
            /**
             * @description What waits
             * @example 42
             */
            revision: number;
            /**
             * @description Who asked for it
             * @example token deploy
             */
            who: string;
        };
        /**
         * @description Prefix or address, as entries to remove
         * @example 192.0.2.7
         */
        PlainEntry: string;
        /**
         * @description The whole declared state
         * @example {
         *       "defaults": {
         *         "ingress": "allow",
         *         "egress": "allow",
         *         "essentials": true,
         *         "management": [
         *           {
         *             "port": 22,
         *             "protocol": "tcp",
         *             "sources": [
         *               "0.0.0.0/0",
         *               "::/0"
         *             ]
         *           }
         *         ]
         *       },
         *       "interfaces": {
         *         "eth0": {
         *           "xdp": "auto",
         *           "egress": "auto"
         *         }
         *       },
         *       "sets": {
         *         "blocklist": {
         *           "description": "by hand"
         *         }
         *       },
         *       "rules": {
         *         "block-bad": {
         *           "priority": 10,
         *           "direction": "ingress",
         *           "action": "deny",
         *           "match": {
         *             "source": [
         *               "@blocklist"
         *             ]
         *           }
         *         }
         *       },
         *       "services": {
         *         "web": {
         *           "address": "198.51.100.10",
         *           "ports": [
         *             "80"
         *           ],
         *           "protocol": "tcp",
         *           "forwarding": "nat",
         *           "backends": {
         *             "b1": {
         *               "address": "10.0.0.11",
         *               "port": 8080,
         *               "weight": 100
         *             }
         *           }
         *         }
         *       }
         *     }
         */
        Policy: {
            defaults: components["schemas"]["Defaults"];
            /** @description Detectors by name, such as scans */
            detectors?: {
                [key: string]: {
                    /**
                     * @description For people
                     * @example see ticket 1234
                     */
                    comment?: string;
                    /**
                     * @description observe: only tell; enforce: put the address into the set
                     * @example enforce
                     * @enum {unknown}
                     */
                    enforcement?: "enforce" | "observe";
                    /**
                     * @description Who is never noticed
                     * @example [
                     *       "192.0.2.0/24"
                     *     ]
                     */
                    exempt?: string[];
                    /**
                     * @description For how long
                     * @example 1h
                     */
                    expiresIn?: string;
                    /** @description Words to find an object by */
                    labels?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Whose packets are counted together
                     * @example source
                     * @enum {unknown}
                     */
                    per?: "source" | "sourcePrefix" | "destination";
                    /**
                     * @description Set that the address is put into
                     * @example scanners
                     */
                    set?: string;
                    /**
                     * @description How many within the window are noticed: ports, addresses, handshakes or packets
                     * @example 100
                     */
                    threshold: number;
                    /**
                     * @description What is noticed: many ports, many addresses, handshakes begun, or packets
                     * @example portScan
                     * @enum {unknown}
                     */
                    type: "portScan" | "sweep" | "synFlood" | "rate";
                    /**
                     * @description Time that is looked at
                     * @example 10s
                     */
                    window?: string;
                };
            };
            /** @description Devices by name, or by a pattern that ends in *, such as eth0 */
            interfaces: {
                [key: string]: components["schemas"]["Interface"];
            };
            /** @description Rules by name, such as block-bad */
            rules?: {
                [key: string]: components["schemas"]["Rule"];
            };
            /** @description Services by name, such as web */
            services?: {
                [key: string]: components["schemas"]["Service"];
            };
            /** @description Sets by name, such as blocklist */
            sets?: {
                [key: string]: components["schemas"]["Set"];
            };
        };
        /**
         * @description Why a request was refused, RFC 9457
         * @example {
         *       "type": "urn:drawgate:error:host_bits",
         *       "title": "A prefix has bits set past its length",
         *       "status": 422,
         *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
         *       "code": "host_bits",
         *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
         *       "errors": [
         *         {
         *           "pointer": "/match/source/0",
         *           "code": "host_bits",
         *           "detail": "10.0.0.7/8 has bits set past /8",
         *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
         *         }
         *       ],
         *       "errorCount": 1
         *     }
         */
        Problem: {
            /**
             * @description See docs/errors.md
             * @example malformed
             * @enum {unknown}
             */
            code: "malformed" | "unknown_field" | "host_bits" | "unknown_set" | "unknown_interface" | "empty_match" | "cannot_match" | "unsupported" | "capacity_exceeded" | "service_duplicate" | "management_cut_off" | "too_many_inline" | "too_wide" | "protected" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "in_use" | "confirm_pending" | "confirm_mismatch" | "revision_expired" | "exists" | "stale" | "too_large" | "unsupported_media_type" | "rate_limited" | "overloaded" | "unavailable" | "store_full";
            /**
             * @description What is so, in words
             * @example rule web-2 may match what web-1 matches
             */
            detail: string;
            /**
             * @description Of all faults
             * @example 1
             */
            errorCount: number;
            /** @description All faults of the request, the first 100 */
            errors: components["schemas"]["Fault"][];
            /**
             * @description What to type instead
             * @example write 10.0.0.0/8
             */
            hint?: string;
            /**
             * @description HTTP status, or whether all is well
             * @example 1
             */
            status: number;
            /**
             * @description The code in words
             * @example A prefix has bits set past its length
             */
            title: string;
            /**
             * Format: uri
             * @description URN of the code
             * @example urn:drawgate:error:host_bits
             */
            type: string;
        };
        /** @description A change that was accepted */
        Revision: {
            /**
             * Format: date-time
             * @description When it came into force
             * @example 2030-01-01T00:00:00Z
             */
            at: string;
            /**
             * @description What was asked for
             * @example PUT /v1/rules/block-bad
             */
            cause: string;
            /**
             * @description Where the request came from
             * @example 192.0.2.7
             */
            origin?: string;
            /**
             * @description Its number
             * @example 42
             */
            revision: number;
            /**
             * @description Who asked for it: a token, a user, or the daemon itself
             * @example token deploy
             */
            who: string;
        };
        /** @description What changed between two revisions */
        RevisionDiff: {
            /** @description What leads from the one to the other; entries of sets apart */
            changes: components["schemas"]["Change"][];
            /**
             * @description The earlier revision
             * @example 41
             */
            from: number;
            /**
             * @description The later revision
             * @example 42
             */
            to: number;
        };
        /** @description A change that was accepted, and the policy as it was from then on */
        RevisionWithPolicy: {
            /**
             * Format: date-time
             * @description When it came into force
             * @example 2030-01-01T00:00:00Z
             */
            at: string;
            /**
             * @description What was asked for
             * @example PUT /v1/rules/block-bad
             */
            cause: string;
            /**
             * @description Where the request came from
             * @example 192.0.2.7
             */
            origin?: string;
            /**
             * @description Its number
             * @example 42
             */
            revision: number;
            value: components["schemas"]["Policy"];
            /**
             * @description Who asked for it: a token, a user, or the daemon itself
             * @example token deploy
             */
            who: string;
        };
        /**
         * @description A rule; the first that matches decides
         * @example {
         *       "priority": 10,
         *       "direction": "ingress",
         *       "action": "deny",
         *       "match": {
         *         "source": [
         *           "@blocklist"
         *         ]
         *       }
         *     }
         */
        Rule: {
            /**
             * @description What happens to a packet that matches
             * @example deny
             * @enum {unknown}
             */
            action: "allow" | "deny" | "reject" | "limit";
            /**
             * @description For people
             * @example see ticket 1234
             */
            comment?: string;
            /**
             * @description Packets that come in, or that this host sends
             * @example ingress
             * @enum {unknown}
             */
            direction: "ingress" | "egress";
            /**
             * @description false: the rule matches nothing (default: true)
             * @example true
             */
            enabled?: boolean;
            /**
             * @description observe: count only (default: enforce)
             * @example enforce
             * @enum {unknown}
             */
            enforcement?: "enforce" | "observe";
            /**
             * @description RFC 3339 time at which the rule stops to match
             * @example 2030-01-01T00:00:00Z
             */
            expiresAt?: string;
            /**
             * @description Time until the rule stops to match
             * @example 1h
             */
            expiresIn?: string;
            /**
             * @description Devices that the rule holds on; absent: all
             * @example [
             *       "eth0"
             *     ]
             */
            interfaces?: string[];
            /** @description Words to find an object by */
            labels?: {
                [key: string]: string;
            };
            /** @description Drops what is beyond a rate */
            limit?: {
                /**
                 * @description Bits of IP packets a second that may pass
                 * @example 8000000
                 */
                bitsPerSecond?: number;
                /**
                 * @description Bits that may pass at once (default: those of one second)
                 * @example 16000000
                 */
                burstBits?: number;
                /**
                 * @description Packets that may pass at once (default: those of one second)
                 * @example 2000
                 */
                burstPackets?: number;
                /**
                 * @description Length of the IPv4 prefixes that share a limit
                 * @example 24
                 */
                ipv4Prefix?: number;
                /**
                 * @description Length of the IPv6 prefixes that share a limit
                 * @example 64
                 */
                ipv6Prefix?: number;
                /**
                 * @description Connections that may be open at once
                 * @example 100
                 */
                maxConnections?: number;
                /**
                 * @description Packets a second that may pass
                 * @example 1000
                 */
                packetsPerSecond?: number;
                /**
                 * @description Who shares the limit: all that the rule matches, each source, or each source prefix
                 * @example rule
                 * @enum {unknown}
                 */
                per?: "rule" | "source" | "sourcePrefix";
                /**
                 * @description What becomes of packets within the limit: the next rules, or passed at once
                 * @example continue
                 * @enum {unknown}
                 */
                within?: "continue" | "allow";
            };
            /** @description Samples matches as events */
            log?: {
                /**
                 * @description One event for so many matches
                 * @example 100
                 */
                everyPackets: number;
            };
            match: components["schemas"]["Match"];
            /**
             * @description Lower comes first; ties by name in byte order (default: 1000)
             * @example 100
             */
            priority?: number;
        };
        /** @description What a rule has decided */
        RuleStatus: {
            /**
             * @description Of IP packets, monotonic
             * @example 1
             */
            bytes: number;
            /**
             * @description When the counters were zero
             * @example 2030-01-01T00:00:00Z
             */
            countedSince: string | null;
            /**
             * @description Its time is over: it matches nothing
             * @example false
             */
            expired?: boolean;
            /**
             * @description Monotonic
             * @example 1
             */
            packets: number;
        };
        /**
         * @description An address that is balanced over backends
         * @example {
         *       "address": "198.51.100.10",
         *       "ports": [
         *         "80"
         *       ],
         *       "protocol": "tcp",
         *       "forwarding": "nat",
         *       "backends": {
         *         "b1": {
         *           "address": "10.0.0.11",
         *           "port": 8080,
         *           "weight": 100
         *         }
         *       }
         *     }
         */
        Service: {
            /**
             * @description Address or prefix that clients connect to
             * @example 198.51.100.10
             */
            address: string;
            /** @description Backends by name, such as b1 */
            backends?: {
                [key: string]: components["schemas"]["Backend"];
            };
            /**
             * @description For people
             * @example see ticket 1234
             */
            comment?: string;
            /**
             * @description false: as if the service were not there (default: true)
             * @example true
             */
            enabled?: boolean;
            /**
             * @description How packets reach a backend
             * @example nat
             * @enum {unknown}
             */
            forwarding: "nat" | "dsr-l2" | "dsr-ipip" | "dsr-gue";
            /**
             * @description What decides the backend (default: 5-tuple)
             * @example 5-tuple
             * @enum {unknown}
             */
            hash?: "5-tuple" | "source";
            /** @description How backends are asked whether they are alive */
            healthCheck?: {
                /**
                 * @description Status that means alive, one or a range
                 * @example 200-399
                 */
                expectStatus?: string;
                /**
                 * @description Failures in a row until it is down
                 * @example 3
                 */
                fall?: number;
                /**
                 * @description Host of the request
                 * @example web.example
                 */
                host?: string;
                /**
                 * @description Time between checks
                 * @example 2s
                 */
                interval?: string;
                /**
                 * @description Path of the request
                 * @example /healthz
                 */
                path?: string;
                /**
                 * @description Port that is asked; absent: that of the backend
                 * @example 8080
                 */
                port?: number;
                /**
                 * @description Good answers in a row until a backend is up
                 * @example 2
                 */
                rise?: number;
                /**
                 * @description gRPC service name
                 * @example web
                 */
                service?: string;
                /**
                 * @description Time until a check has failed
                 * @example 1s
                 */
                timeout?: string;
                /** @description How the certificate is looked at */
                tls?: {
                    /**
                     * @description Who may have signed it
                     * @example /etc/ssl/certs/ca-certificates.crt
                     */
                    caFile?: string;
                    /**
                     * @description Name that the certificate must have
                     * @example web.example
                     */
                    serverName?: string;
                    /**
                     * @description Whether the certificate must be good
                     * @example false
                     */
                    verify?: boolean;
                };
                /**
                 * @description How it asks; none: not at all
                 * @example none
                 * @enum {unknown}
                 */
                type: "none" | "tcp" | "http" | "https" | "grpc";
            };
            /**
             * @description Idle time after which a flow may be forgotten
             * @example 5m
             */
            idleTimeout?: string;
            /** @description Words to find an object by */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description Ports that clients connect to, both ends included; absent: any
             * @example [
             *       "80",
             *       "8000-8100"
             *     ]
             */
            ports?: string[];
            /**
             * @description Transport protocol
             * @example tcp
             * @enum {unknown}
             */
            protocol: "tcp" | "udp" | "sctp";
            /** @description Balances QUIC by connection id */
            quic?: {
                /**
                 * @description Packets of a connection go by its id, not by addresses and ports
                 * @example false
                 */
                connectionId: boolean;
            };
            /** @description Rewriting of the source address */
            sourceNat?: {
                /**
                 * @description Addresses that connections to backends come from
                 * @example [
                 *       "203.0.113.0/28"
                 *     ]
                 */
                addresses?: string[];
                /**
                 * @description none: clients are seen as they are; pool: as one of the addresses
                 * @example none
                 * @enum {unknown}
                 */
                mode: "none" | "pool";
            };
            /** @description Who may use the service where no rule decides */
            sources?: {
                /**
                 * @description Who may use the service
                 * @example [
                 *       "192.0.2.0/24"
                 *     ]
                 */
                allow?: string[];
                /**
                 * @description Who may not
                 * @example [
                 *       "192.0.2.7"
                 *     ]
                 */
                deny?: string[];
            };
            /**
             * @description What happens when no backend takes connections (default: drop)
             * @example drop
             * @enum {unknown}
             */
            whenDown?: "drop" | "reject" | "lastKnown";
        };
        /** @description What a service has forwarded */
        ServiceStatus: {
            /** @description Backends by name */
            backends: {
                [key: string]: components["schemas"]["BackendStatus"];
            };
            /**
             * @description Of IP packets, monotonic
             * @example 1
             */
            bytes: number;
            /**
             * @description When the counters were zero
             * @example 2030-01-01T00:00:00Z
             */
            countedSince: string | null;
            /**
             * @description Monotonic
             * @example 1
             */
            packets: number;
            /**
             * @description Slots that new connections are spread over; 0: no backend takes any
             * @example 1
             */
            ringSize: number;
        };
        /**
         * @description A named set of prefixes, IPv4 and IPv6 mixed
         * @example {
         *       "description": "by hand"
         *     }
         */
        Set: {
            /**
             * @description For people
             * @example see ticket 1234
             */
            comment?: string;
            /**
             * @description What the set is for
             * @example by hand
             */
            description?: string;
            /** @description Replaces the entries; absent keeps them. At most 10,000 inline */
            entries?: components["schemas"]["Entry"][];
            /** @description Words to find an object by */
            labels?: {
                [key: string]: string;
            };
            /** @description What the set refuses */
            limits?: {
                /**
                 * @description Most entries
                 * @example 100000
                 */
                maxEntries?: number;
                /**
                 * @description Shortest IPv4 prefix length
                 * @example 8
                 */
                shortestIpv4?: number;
                /**
                 * @description Shortest IPv6 prefix length
                 * @example 32
                 */
                shortestIpv6?: number;
            };
            /** @description A list that fills the set */
            source?: {
                /**
                 * @description How often
                 * @example 1h
                 */
                every?: string;
                /**
                 * @description Where the list is read
                 * @example /etc/drawgate/drop.txt
                 */
                file?: string;
                /**
                 * @description A list that grew by more is not taken
                 * @example 100
                 */
                maxGrowPercent?: number;
                /**
                 * @description A list that shrank by more is not taken
                 * @example 50
                 */
                maxShrinkPercent?: number;
                /**
                 * @description Where the list is fetched
                 * @example https://lists.example/drop.txt
                 */
                url?: string;
            };
        };
        /** @description What a set holds */
        SetStatus: {
            /**
             * @description Entries in the set
             * @example 1
             */
            entryCount: number;
            /**
             * @description IPv4 entries
             * @example 1
             */
            ipv4: number;
            /**
             * @description IPv6 entries
             * @example 1
             */
            ipv6: number;
        };
        /** @description Something doubtful that was accepted */
        Warning: {
            /**
             * @description One of the codes of docs/errors.md
             * @example no_established_rule
             */
            code: string;
            /**
             * @description What is so, in words
             * @example rule web-2 may match what web-1 matches
             */
            detail: string;
            /**
             * @description RFC 6901, to what this is about
             * @example /rules/web-2
             */
            pointer: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description One word */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description HTTP status, or whether all is well
                         * @example ok
                         * @enum {unknown}
                         */
                        status: "ok" | "ready";
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Prometheus text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP drawgate_revision Revision in force
                     *     drawgate_revision 4
                     */
                    "text/plain": string;
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description One word */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description HTTP status, or whether all is well
                         * @example ok
                         * @enum {unknown}
                         */
                        status: "ok" | "ready";
                    };
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /**
                 * @description `nextCursor` of the page before
                 * @example d2Vi
                 */
                cursor?: string;
                /**
                 * @description Items of a page (default: 100)
                 * @example 100
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of attempts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 1007,
                     *           "at": "2030-01-01T00:00:00Z",
                     *           "who": "uid 0",
                     *           "origin": "unix socket",
                     *           "action": "PUT /v1/rules/block-bad",
                     *           "outcome": "done",
                     *           "revision": 42,
                     *           "detail": "deploy (operator)"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /** @description One page of them */
                        items: components["schemas"]["AuditEntry"][];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listDevices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description All devices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "eth0",
                     *           "ifindex": 1,
                     *           "kind": "veth",
                     *           "driver": "virtio_net",
                     *           "mtu": 1,
                     *           "up": false,
                     *           "mac": "02:00:00:00:00:01",
                     *           "addresses": [
                     *             "192.0.2.1"
                     *           ],
                     *           "interface": "eth0",
                     *           "status": {
                     *             "name": "eth0",
                     *             "ifindex": 2,
                     *             "state": "attached",
                     *             "mode": "native",
                     *             "egress": "tcx",
                     *             "linkId": 1,
                     *             "programId": 1,
                     *             "driver": "virtio_net",
                     *             "mtu": 1500,
                     *             "error": "XDP is owned by another program"
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /** @description One page of them */
                        items: {
                            /**
                             * @description Addresses of the device
                             * @example [
                             *       "192.0.2.1"
                             *     ]
                             */
                            addresses: string[];
                            /**
                             * @description Driver of the device
                             * @example virtio_net
                             */
                            driver: string;
                            /**
                             * @description Number that the kernel gave the device
                             * @example 1
                             */
                            ifindex: number;
                            /**
                             * @description Entry of `interfaces` that decides for it
                             * @example eth0
                             */
                            interface: string | null;
                            /**
                             * @description Of a virtual device
                             * @example veth
                             */
                            kind: string;
                            /**
                             * @description Ethernet address; null: it has none
                             * @example 02:00:00:00:00:01
                             */
                            mac: string;
                            /**
                             * @description Largest packet in bytes
                             * @example 1
                             */
                            mtu: number;
                            /**
                             * @description Name, or device
                             * @example eth0
                             */
                            name: string;
                            /** @description null: the dataplane does not stand on it */
                            status: components["schemas"]["DeviceStatus"] | null;
                            /**
                             * @description Whether the device is up
                             * @example false
                             */
                            up: boolean;
                        }[];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getEvents: {
        parameters: {
            query?: {
                /**
                 * @description For these reasons (docs/packet.md), separated by commas
                 * @example rule,default
                 */
                reason?: string;
                /**
                 * @description Of this rule
                 * @example block-bad
                 */
                rule?: string;
                /**
                 * @description From this address or prefix
                 * @example 192.0.2.0/24
                 */
                source?: string;
                /**
                 * @description Of drop, match, connection, detection, health, policy, attach, lost, separated by commas (default: all). `connection` and `health` are not sent yet
                 * @example drop,match
                 */
                type?: string;
            };
            header?: {
                /**
                 * @description `id` of the last event that was seen
                 * @example 1a2b3c-42
                 */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A stream without end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 1a2b3c-42
                     *     event: drop
                     *     data: {"reason":"rule","rule":"block-bad","source":"192.0.2.7"}
                     */
                    "text/event-stream": string;
                };
            };
        };
    };
    listInterfaces: {
        parameters: {
            query?: {
                /**
                 * @description `nextCursor` of the page before
                 * @example d2Vi
                 */
                cursor?: string;
                /**
                 * @description Adds `status` to each item
                 * @example status
                 */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /**
                 * @description Items of a page (default: 100)
                 * @example 1
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of interfaces */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "web"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description One page of them
                         * @example [
                         *       {
                         *         "name": "web"
                         *       }
                         *     ]
                         */
                        items: ({
                            /**
                             * @description Name, or device
                             * @example web
                             */
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getInterface: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the interface
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The interface, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "xdp": "auto",
                     *       "egress": "auto"
                     *     }
                     */
                    "application/json": components["schemas"]["Interface"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putInterface: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the interface
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "xdp": "auto",
                 *       "egress": "auto"
                 *     }
                 */
                "application/json": components["schemas"]["Interface"];
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "xdp": "auto",
                     *         "egress": "auto"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Interface"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "xdp": "auto",
                     *         "egress": "auto"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Interface"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "xdp": "auto",
                     *         "egress": "auto"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Interface"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteInterface: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the interface
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "baseRevision": 1,
                     *       "changes": [
                     *         {
                     *           "op": "add",
                     *           "path": "/rules/block-bad/priority",
                     *           "from": "allow",
                     *           "to": "deny"
                     *         }
                     *       ],
                     *       "capacity": [
                     *         {
                     *           "table": "prefixes_ipv4",
                     *           "used": 1,
                     *           "after": 1,
                     *           "max": 1
                     *         }
                     *       ],
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Done; `Drawgate-Revision` has the revision */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchInterface: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the interface
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
                /** @example {} */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "xdp": "auto",
                     *         "egress": "auto"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Interface"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "xdp": "auto",
                     *         "egress": "auto"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Interface"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInterfaceStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the interface
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "attached",
                     *       "devices": [
                     *         {
                     *           "name": "eth0",
                     *           "ifindex": 2,
                     *           "state": "attached",
                     *           "mode": "native",
                     *           "egress": "tcx",
                     *           "linkId": 1,
                     *           "programId": 1,
                     *           "driver": "virtio_net",
                     *           "mtu": 1500,
                     *           "error": "XDP is owned by another program"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InterfaceStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The emergency switch, and why it stands where it does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mode": "observe",
                     *       "expiresAt": "2030-01-01T00:00:00Z",
                     *       "reason": "rollout of the new rules",
                     *       "since": "2030-01-01T00:00:00Z",
                     *       "setBy": "token deploy"
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is enforce again
                         * @example 2030-01-01T00:00:00Z
                         */
                        expiresAt?: string;
                        /**
                         * @description enforce: as the policy says; observe: rules and defaults are counted and drop nothing; pass: no rule is asked, services go on; lockdown: management, essentials and established connections alone
                         * @example observe
                         * @enum {unknown}
                         */
                        mode: "enforce" | "observe" | "pass" | "lockdown";
                        /**
                         * @description Why, in words of who did it
                         * @example rollout of the new rules
                         */
                        reason: string;
                        /**
                         * @description Who has set it
                         * @example token deploy
                         */
                        setBy: string;
                        /**
                         * Format: date-time
                         * @description From when on
                         * @example 2030-01-01T00:00:00Z
                         */
                        since: string;
                    };
                };
            };
        };
    };
    setMode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The emergency switch */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mode": "observe",
                 *       "expiresIn": "15m",
                 *       "reason": "rollout of the new rules"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Time until it is enforce again
                     * @example 15m
                     */
                    expiresIn?: string;
                    /**
                     * @description enforce: as the policy says; observe: rules and defaults are counted and drop nothing; pass: no rule is asked, services go on; lockdown: management, essentials and established connections alone
                     * @example observe
                     * @enum {unknown}
                     */
                    mode: "enforce" | "observe" | "pass" | "lockdown";
                    /**
                     * @description For the audit log
                     * @example rollout of the new rules
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The emergency switch, and why it stands where it does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mode": "observe",
                     *       "expiresAt": "2030-01-01T00:00:00Z",
                     *       "reason": "rollout of the new rules",
                     *       "since": "2030-01-01T00:00:00Z",
                     *       "setBy": "token deploy"
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is enforce again
                         * @example 2030-01-01T00:00:00Z
                         */
                        expiresAt?: string;
                        /**
                         * @description enforce: as the policy says; observe: rules and defaults are counted and drop nothing; pass: no rule is asked, services go on; lockdown: management, essentials and established connections alone
                         * @example observe
                         * @enum {unknown}
                         */
                        mode: "enforce" | "observe" | "pass" | "lockdown";
                        /**
                         * @description Why, in words of who did it
                         * @example rollout of the new rules
                         */
                        reason: string;
                        /**
                         * @description Who has set it
                         * @example token deploy
                         */
                        setBy: string;
                        /**
                         * Format: date-time
                         * @description From when on
                         * @example 2030-01-01T00:00:00Z
                         */
                        since: string;
                    };
                };
            };
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    getPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Adds the entries of sets, up to 10,000 each
                 * @example entries
                 */
                include?: "entries";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The whole declared state, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "defaults": {
                     *         "ingress": "allow",
                     *         "egress": "allow",
                     *         "essentials": true,
                     *         "management": [
                     *           {
                     *             "port": 22,
                     *             "protocol": "tcp",
                     *             "sources": [
                     *               "0.0.0.0/0",
                     *               "::/0"
                     *             ]
                     *           }
                     *         ]
                     *       },
                     *       "interfaces": {
                     *         "eth0": {
                     *           "xdp": "auto",
                     *           "egress": "auto"
                     *         }
                     *       },
                     *       "sets": {
                     *         "blocklist": {
                     *           "description": "by hand"
                     *         }
                     *       },
                     *       "rules": {
                     *         "block-bad": {
                     *           "priority": 10,
                     *           "direction": "ingress",
                     *           "action": "deny",
                     *           "match": {
                     *             "source": [
                     *               "@blocklist"
                     *             ]
                     *           }
                     *         }
                     *       },
                     *       "services": {
                     *         "web": {
                     *           "address": "198.51.100.10",
                     *           "ports": [
                     *             "80"
                     *           ],
                     *           "protocol": "tcp",
                     *           "forwarding": "nat",
                     *           "backends": {
                     *             "b1": {
                     *               "address": "10.0.0.11",
                     *               "port": 8080,
                     *               "weight": 100
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Policy"];
                    /**
                     * @example {
                     *       "defaults": {
                     *         "ingress": "allow",
                     *         "egress": "allow",
                     *         "essentials": true,
                     *         "management": [
                     *           {
                     *             "port": 22,
                     *             "protocol": "tcp",
                     *             "sources": [
                     *               "0.0.0.0/0",
                     *               "::/0"
                     *             ]
                     *           }
                     *         ]
                     *       },
                     *       "interfaces": {
                     *         "eth0": {
                     *           "xdp": "auto",
                     *           "egress": "auto"
                     *         }
                     *       },
                     *       "sets": {
                     *         "blocklist": {
                     *           "description": "by hand"
                     *         }
                     *       },
                     *       "rules": {
                     *         "block-bad": {
                     *           "priority": 10,
                     *           "direction": "ingress",
                     *           "action": "deny",
                     *           "match": {
                     *             "source": [
                     *               "@blocklist"
                     *             ]
                     *           }
                     *         }
                     *       },
                     *       "services": {
                     *         "web": {
                     *           "address": "198.51.100.10",
                     *           "ports": [
                     *             "80"
                     *           ],
                     *           "protocol": "tcp",
                     *           "forwarding": "nat",
                     *           "backends": {
                     *             "b1": {
                     *               "address": "10.0.0.11",
                     *               "port": 8080,
                     *               "weight": 100
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/yaml": components["schemas"]["Policy"];
                };
            };
        };
    };
    putPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
                /**
                 * @description Replaces only what is labelled `owner: NAME`, and labels what comes; 409 where the body names what is another's
                 * @example team-a
                 */
                owner?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "defaults": {
                 *         "ingress": "allow",
                 *         "egress": "allow",
                 *         "essentials": true,
                 *         "management": [
                 *           {
                 *             "port": 22,
                 *             "protocol": "tcp",
                 *             "sources": [
                 *               "0.0.0.0/0",
                 *               "::/0"
                 *             ]
                 *           }
                 *         ]
                 *       },
                 *       "interfaces": {
                 *         "eth0": {
                 *           "xdp": "auto",
                 *           "egress": "auto"
                 *         }
                 *       },
                 *       "sets": {
                 *         "blocklist": {
                 *           "description": "by hand"
                 *         }
                 *       },
                 *       "rules": {
                 *         "block-bad": {
                 *           "priority": 10,
                 *           "direction": "ingress",
                 *           "action": "deny",
                 *           "match": {
                 *             "source": [
                 *               "@blocklist"
                 *             ]
                 *           }
                 *         }
                 *       },
                 *       "services": {
                 *         "web": {
                 *           "address": "198.51.100.10",
                 *           "ports": [
                 *             "80"
                 *           ],
                 *           "protocol": "tcp",
                 *           "forwarding": "nat",
                 *           "backends": {
                 *             "b1": {
                 *               "address": "10.0.0.11",
                 *               "port": 8080,
                 *               "weight": 100
                 *             }
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Policy"];
                /**
                 * @example {
                 *       "defaults": {
                 *         "ingress": "allow",
                 *         "egress": "allow",
                 *         "essentials": true,
                 *         "management": [
                 *           {
                 *             "port": 22,
                 *             "protocol": "tcp",
                 *             "sources": [
                 *               "0.0.0.0/0",
                 *               "::/0"
                 *             ]
                 *           }
                 *         ]
                 *       },
                 *       "interfaces": {
                 *         "eth0": {
                 *           "xdp": "auto",
                 *           "egress": "auto"
                 *         }
                 *       },
                 *       "sets": {
                 *         "blocklist": {
                 *           "description": "by hand"
                 *         }
                 *       },
                 *       "rules": {
                 *         "block-bad": {
                 *           "priority": 10,
                 *           "direction": "ingress",
                 *           "action": "deny",
                 *           "match": {
                 *             "source": [
                 *               "@blocklist"
                 *             ]
                 *           }
                 *         }
                 *       },
                 *       "services": {
                 *         "web": {
                 *           "address": "198.51.100.10",
                 *           "ports": [
                 *             "80"
                 *           ],
                 *           "protocol": "tcp",
                 *           "forwarding": "nat",
                 *           "backends": {
                 *             "b1": {
                 *               "address": "10.0.0.11",
                 *               "port": 8080,
                 *               "weight": 100
                 *             }
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/yaml": components["schemas"]["Policy"];
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "defaults": {
                     *           "ingress": "allow",
                     *           "egress": "allow",
                     *           "essentials": true,
                     *           "management": [
                     *             {
                     *               "port": 22,
                     *               "protocol": "tcp",
                     *               "sources": [
                     *                 "0.0.0.0/0",
                     *                 "::/0"
                     *               ]
                     *             }
                     *           ]
                     *         },
                     *         "interfaces": {
                     *           "eth0": {
                     *             "xdp": "auto",
                     *             "egress": "auto"
                     *           }
                     *         },
                     *         "sets": {
                     *           "blocklist": {
                     *             "description": "by hand"
                     *           }
                     *         },
                     *         "rules": {
                     *           "block-bad": {
                     *             "priority": 10,
                     *             "direction": "ingress",
                     *             "action": "deny",
                     *             "match": {
                     *               "source": [
                     *                 "@blocklist"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "services": {
                     *           "web": {
                     *             "address": "198.51.100.10",
                     *             "ports": [
                     *               "80"
                     *             ],
                     *             "protocol": "tcp",
                     *             "forwarding": "nat",
                     *             "backends": {
                     *               "b1": {
                     *                 "address": "10.0.0.11",
                     *                 "port": 8080,
                     *                 "weight": 100
                     *               }
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "defaults": {
                     *           "ingress": "allow",
                     *           "egress": "allow",
                     *           "essentials": true,
                     *           "management": [
                     *             {
                     *               "port": 22,
                     *               "protocol": "tcp",
                     *               "sources": [
                     *                 "0.0.0.0/0",
                     *                 "::/0"
                     *               ]
                     *             }
                     *           ]
                     *         },
                     *         "interfaces": {
                     *           "eth0": {
                     *             "xdp": "auto",
                     *             "egress": "auto"
                     *           }
                     *         },
                     *         "sets": {
                     *           "blocklist": {
                     *             "description": "by hand"
                     *           }
                     *         },
                     *         "rules": {
                     *           "block-bad": {
                     *             "priority": 10,
                     *             "direction": "ingress",
                     *             "action": "deny",
                     *             "match": {
                     *               "source": [
                     *                 "@blocklist"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "services": {
                     *           "web": {
                     *             "address": "198.51.100.10",
                     *             "ports": [
                     *               "80"
                     *             ],
                     *             "protocol": "tcp",
                     *             "forwarding": "nat",
                     *             "backends": {
                     *               "b1": {
                     *                 "address": "10.0.0.11",
                     *                 "port": 8080,
                     *                 "weight": 100
                     *               }
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
                /** @example {} */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "defaults": {
                     *           "ingress": "allow",
                     *           "egress": "allow",
                     *           "essentials": true,
                     *           "management": [
                     *             {
                     *               "port": 22,
                     *               "protocol": "tcp",
                     *               "sources": [
                     *                 "0.0.0.0/0",
                     *                 "::/0"
                     *               ]
                     *             }
                     *           ]
                     *         },
                     *         "interfaces": {
                     *           "eth0": {
                     *             "xdp": "auto",
                     *             "egress": "auto"
                     *           }
                     *         },
                     *         "sets": {
                     *           "blocklist": {
                     *             "description": "by hand"
                     *           }
                     *         },
                     *         "rules": {
                     *           "block-bad": {
                     *             "priority": 10,
                     *             "direction": "ingress",
                     *             "action": "deny",
                     *             "match": {
                     *               "source": [
                     *                 "@blocklist"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "services": {
                     *           "web": {
                     *             "address": "198.51.100.10",
                     *             "ports": [
                     *               "80"
                     *             ],
                     *             "protocol": "tcp",
                     *             "forwarding": "nat",
                     *             "backends": {
                     *               "b1": {
                     *                 "address": "10.0.0.11",
                     *                 "port": 8080,
                     *                 "weight": 100
                     *               }
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "defaults": {
                     *           "ingress": "allow",
                     *           "egress": "allow",
                     *           "essentials": true,
                     *           "management": [
                     *             {
                     *               "port": 22,
                     *               "protocol": "tcp",
                     *               "sources": [
                     *                 "0.0.0.0/0",
                     *                 "::/0"
                     *               ]
                     *             }
                     *           ]
                     *         },
                     *         "interfaces": {
                     *           "eth0": {
                     *             "xdp": "auto",
                     *             "egress": "auto"
                     *           }
                     *         },
                     *         "sets": {
                     *           "blocklist": {
                     *             "description": "by hand"
                     *           }
                     *         },
                     *         "rules": {
                     *           "block-bad": {
                     *             "priority": 10,
                     *             "direction": "ingress",
                     *             "action": "deny",
                     *             "match": {
                     *               "source": [
                     *                 "@blocklist"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "services": {
                     *           "web": {
                     *             "address": "198.51.100.10",
                     *             "ports": [
                     *               "80"
                     *             ],
                     *             "protocol": "tcp",
                     *             "forwarding": "nat",
                     *             "backends": {
                     *               "b1": {
                     *                 "address": "10.0.0.11",
                     *                 "port": 8080,
                     *                 "weight": 100
                     *               }
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What waits for its confirmation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "pending": {
                     *         "revision": 42,
                     *         "base": 41,
                     *         "deadline": "2030-01-01T00:01:00Z",
                     *         "who": "token deploy",
                     *         "cause": "PUT /v1/policy"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @description What waits; null: nothing */
                        pending: components["schemas"]["PendingConfirm"] | null;
                    };
                };
            };
        };
    };
    confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What is to stay */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "revision": 42
                 *     }
                 */
                "application/json": {
                    /**
                     * @description The revision that waits, as the write has answered it
                     * @example 42
                     */
                    revision: number;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What stays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The revision that waits, as the write has answered it
                         * @example 42
                         */
                        revision: number;
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBack: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is in force again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 43
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Now in force: the policy that was there before
                         * @example 43
                         */
                        revision: number;
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffRevisions: {
        parameters: {
            query?: {
                /**
                 * @description The earlier revision (default: the one before `to`)
                 * @example 42
                 */
                from?: number;
                /**
                 * @description The later revision (default: the newest)
                 * @example 42
                 */
                to?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What changed between two revisions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": 41,
                     *       "to": 42,
                     *       "changes": [
                     *         {
                     *           "op": "add",
                     *           "path": "/rules/block-bad/priority",
                     *           "from": "allow",
                     *           "to": "deny"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RevisionDiff"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not kept any more */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRevisions: {
        parameters: {
            query?: {
                /**
                 * @description `nextCursor` of the page before
                 * @example d2Vi
                 */
                cursor?: string;
                /**
                 * @description Items of a page (default: 100)
                 * @example 100
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of revisions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "revision": 42,
                     *           "at": "2030-01-01T00:00:00Z",
                     *           "who": "token deploy",
                     *           "origin": "192.0.2.7",
                     *           "cause": "PUT /v1/rules/block-bad"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /** @description One page of them */
                        items: components["schemas"]["Revision"][];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getRevision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A revision
                 * @example 42
                 */
                revision: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A change that was accepted, and the policy as it was from then on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "at": "2030-01-01T00:00:00Z",
                     *       "who": "token deploy",
                     *       "origin": "192.0.2.7",
                     *       "cause": "PUT /v1/rules/block-bad",
                     *       "value": {
                     *         "defaults": {
                     *           "ingress": "allow",
                     *           "egress": "allow",
                     *           "essentials": true,
                     *           "management": [
                     *             {
                     *               "port": 22,
                     *               "protocol": "tcp",
                     *               "sources": [
                     *                 "0.0.0.0/0",
                     *                 "::/0"
                     *               ]
                     *             }
                     *           ]
                     *         },
                     *         "interfaces": {
                     *           "eth0": {
                     *             "xdp": "auto",
                     *             "egress": "auto"
                     *           }
                     *         },
                     *         "sets": {
                     *           "blocklist": {
                     *             "description": "by hand"
                     *           }
                     *         },
                     *         "rules": {
                     *           "block-bad": {
                     *             "priority": 10,
                     *             "direction": "ingress",
                     *             "action": "deny",
                     *             "match": {
                     *               "source": [
                     *                 "@blocklist"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "services": {
                     *           "web": {
                     *             "address": "198.51.100.10",
                     *             "ports": [
                     *               "80"
                     *             ],
                     *             "protocol": "tcp",
                     *             "forwarding": "nat",
                     *             "backends": {
                     *               "b1": {
                     *                 "address": "10.0.0.11",
                     *                 "port": 8080,
                     *                 "weight": 100
                     *               }
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RevisionWithPolicy"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not kept any more */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restoreRevision: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description A revision
                 * @example 42
                 */
                revision: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Restored, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "defaults": {
                     *           "ingress": "allow",
                     *           "egress": "allow",
                     *           "essentials": true,
                     *           "management": [
                     *             {
                     *               "port": 22,
                     *               "protocol": "tcp",
                     *               "sources": [
                     *                 "0.0.0.0/0",
                     *                 "::/0"
                     *               ]
                     *             }
                     *           ]
                     *         },
                     *         "interfaces": {
                     *           "eth0": {
                     *             "xdp": "auto",
                     *             "egress": "auto"
                     *           }
                     *         },
                     *         "sets": {
                     *           "blocklist": {
                     *             "description": "by hand"
                     *           }
                     *         },
                     *         "rules": {
                     *           "block-bad": {
                     *             "priority": 10,
                     *             "direction": "ingress",
                     *             "action": "deny",
                     *             "match": {
                     *               "source": [
                     *                 "@blocklist"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "services": {
                     *           "web": {
                     *             "address": "198.51.100.10",
                     *             "ports": [
                     *               "80"
                     *             ],
                     *             "protocol": "tcp",
                     *             "forwarding": "nat",
                     *             "backends": {
                     *               "b1": {
                     *                 "address": "10.0.0.11",
                     *                 "port": 8080,
                     *                 "weight": 100
                     *               }
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "defaults": {
                     *           "ingress": "allow",
                     *           "egress": "allow",
                     *           "essentials": true,
                     *           "management": [
                     *             {
                     *               "port": 22,
                     *               "protocol": "tcp",
                     *               "sources": [
                     *                 "0.0.0.0/0",
                     *                 "::/0"
                     *               ]
                     *             }
                     *           ]
                     *         },
                     *         "interfaces": {
                     *           "eth0": {
                     *             "xdp": "auto",
                     *             "egress": "auto"
                     *           }
                     *         },
                     *         "sets": {
                     *           "blocklist": {
                     *             "description": "by hand"
                     *           }
                     *         },
                     *         "rules": {
                     *           "block-bad": {
                     *             "priority": 10,
                     *             "direction": "ingress",
                     *             "action": "deny",
                     *             "match": {
                     *               "source": [
                     *                 "@blocklist"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "services": {
                     *           "web": {
                     *             "address": "198.51.100.10",
                     *             "ports": [
                     *               "80"
                     *             ],
                     *             "protocol": "tcp",
                     *             "forwarding": "nat",
                     *             "backends": {
                     *               "b1": {
                     *                 "address": "10.0.0.11",
                     *                 "port": 8080,
                     *                 "weight": 100
                     *               }
                     *             }
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not kept any more */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRules: {
        parameters: {
            query?: {
                /**
                 * @description `nextCursor` of the page before
                 * @example d2Vi
                 */
                cursor?: string;
                /**
                 * @description Adds `status` to each item
                 * @example status
                 */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /**
                 * @description Items of a page (default: 100)
                 * @example 1
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of rules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "web"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description One page of them
                         * @example [
                         *       {
                         *         "name": "web"
                         *       }
                         *     ]
                         */
                        items: ({
                            /**
                             * @description Name, or device
                             * @example web
                             */
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the rule
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The rule, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "priority": 10,
                     *       "direction": "ingress",
                     *       "action": "deny",
                     *       "match": {
                     *         "source": [
                     *           "@blocklist"
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putRule: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the rule
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "priority": 10,
                 *       "direction": "ingress",
                 *       "action": "deny",
                 *       "match": {
                 *         "source": [
                 *           "@blocklist"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Rule"];
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "priority": 10,
                     *         "direction": "ingress",
                     *         "action": "deny",
                     *         "match": {
                     *           "source": [
                     *             "@blocklist"
                     *           ]
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Rule"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "priority": 10,
                     *         "direction": "ingress",
                     *         "action": "deny",
                     *         "match": {
                     *           "source": [
                     *             "@blocklist"
                     *           ]
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Rule"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "priority": 10,
                     *         "direction": "ingress",
                     *         "action": "deny",
                     *         "match": {
                     *           "source": [
                     *             "@blocklist"
                     *           ]
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Rule"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRule: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the rule
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "baseRevision": 1,
                     *       "changes": [
                     *         {
                     *           "op": "add",
                     *           "path": "/rules/block-bad/priority",
                     *           "from": "allow",
                     *           "to": "deny"
                     *         }
                     *       ],
                     *       "capacity": [
                     *         {
                     *           "table": "prefixes_ipv4",
                     *           "used": 1,
                     *           "after": 1,
                     *           "max": 1
                     *         }
                     *       ],
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Done; `Drawgate-Revision` has the revision */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchRule: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the rule
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
                /** @example {} */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "priority": 10,
                     *         "direction": "ingress",
                     *         "action": "deny",
                     *         "match": {
                     *           "source": [
                     *             "@blocklist"
                     *           ]
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Rule"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "priority": 10,
                     *         "direction": "ingress",
                     *         "action": "deny",
                     *         "match": {
                     *           "source": [
                     *             "@blocklist"
                     *           ]
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Rule"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRuleStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the rule
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "packets": 1,
                     *       "bytes": 1,
                     *       "countedSince": "2030-01-01T00:00:00Z",
                     *       "expired": false
                     *     }
                     */
                    "application/json": components["schemas"]["RuleStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listServices: {
        parameters: {
            query?: {
                /**
                 * @description `nextCursor` of the page before
                 * @example d2Vi
                 */
                cursor?: string;
                /**
                 * @description Adds `status` to each item
                 * @example status
                 */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /**
                 * @description Items of a page (default: 100)
                 * @example 1
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of services */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "web"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description One page of them
                         * @example [
                         *       {
                         *         "name": "web"
                         *       }
                         *     ]
                         */
                        items: ({
                            /**
                             * @description Name, or device
                             * @example web
                             */
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "address": "198.51.100.10",
                     *       "ports": [
                     *         "80"
                     *       ],
                     *       "protocol": "tcp",
                     *       "forwarding": "nat",
                     *       "backends": {
                     *         "b1": {
                     *           "address": "10.0.0.11",
                     *           "port": 8080,
                     *           "weight": 100
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Service"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putService: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "address": "198.51.100.10",
                 *       "ports": [
                 *         "80"
                 *       ],
                 *       "protocol": "tcp",
                 *       "forwarding": "nat",
                 *       "backends": {
                 *         "b1": {
                 *           "address": "10.0.0.11",
                 *           "port": 8080,
                 *           "weight": 100
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Service"];
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "198.51.100.10",
                     *         "ports": [
                     *           "80"
                     *         ],
                     *         "protocol": "tcp",
                     *         "forwarding": "nat",
                     *         "backends": {
                     *           "b1": {
                     *             "address": "10.0.0.11",
                     *             "port": 8080,
                     *             "weight": 100
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Service"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "198.51.100.10",
                     *         "ports": [
                     *           "80"
                     *         ],
                     *         "protocol": "tcp",
                     *         "forwarding": "nat",
                     *         "backends": {
                     *           "b1": {
                     *             "address": "10.0.0.11",
                     *             "port": 8080,
                     *             "weight": 100
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Service"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "198.51.100.10",
                     *         "ports": [
                     *           "80"
                     *         ],
                     *         "protocol": "tcp",
                     *         "forwarding": "nat",
                     *         "backends": {
                     *           "b1": {
                     *             "address": "10.0.0.11",
                     *             "port": 8080,
                     *             "weight": 100
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Service"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteService: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "baseRevision": 1,
                     *       "changes": [
                     *         {
                     *           "op": "add",
                     *           "path": "/rules/block-bad/priority",
                     *           "from": "allow",
                     *           "to": "deny"
                     *         }
                     *       ],
                     *       "capacity": [
                     *         {
                     *           "table": "prefixes_ipv4",
                     *           "used": 1,
                     *           "after": 1,
                     *           "max": 1
                     *         }
                     *       ],
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Done; `Drawgate-Revision` has the revision */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchService: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
                /** @example {} */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "198.51.100.10",
                     *         "ports": [
                     *           "80"
                     *         ],
                     *         "protocol": "tcp",
                     *         "forwarding": "nat",
                     *         "backends": {
                     *           "b1": {
                     *             "address": "10.0.0.11",
                     *             "port": 8080,
                     *             "weight": 100
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Service"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "198.51.100.10",
                     *         "ports": [
                     *           "80"
                     *         ],
                     *         "protocol": "tcp",
                     *         "forwarding": "nat",
                     *         "backends": {
                     *           "b1": {
                     *             "address": "10.0.0.11",
                     *             "port": 8080,
                     *             "weight": 100
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Service"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBackend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the backend
                 * @example b1
                 */
                backend: string;
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The backend, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "address": "10.0.0.11",
                     *       "port": 8080,
                     *       "weight": 100
                     *     }
                     */
                    "application/json": components["schemas"]["Backend"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putBackend: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the backend
                 * @example b1
                 */
                backend: string;
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "address": "10.0.0.11",
                 *       "port": 8080,
                 *       "weight": 100
                 *     }
                 */
                "application/json": components["schemas"]["Backend"];
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "10.0.0.11",
                     *         "port": 8080,
                     *         "weight": 100
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Backend"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "10.0.0.11",
                     *         "port": 8080,
                     *         "weight": 100
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Backend"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "10.0.0.11",
                     *         "port": 8080,
                     *         "weight": 100
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Backend"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteBackend: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the backend
                 * @example b1
                 */
                backend: string;
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "baseRevision": 1,
                     *       "changes": [
                     *         {
                     *           "op": "add",
                     *           "path": "/rules/block-bad/priority",
                     *           "from": "allow",
                     *           "to": "deny"
                     *         }
                     *       ],
                     *       "capacity": [
                     *         {
                     *           "table": "prefixes_ipv4",
                     *           "used": 1,
                     *           "after": 1,
                     *           "max": 1
                     *         }
                     *       ],
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Done; `Drawgate-Revision` has the revision */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchBackend: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the backend
                 * @example b1
                 */
                backend: string;
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
                /** @example {} */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "10.0.0.11",
                     *         "port": 8080,
                     *         "weight": 100
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Backend"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "address": "10.0.0.11",
                     *         "port": 8080,
                     *         "weight": 100
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Backend"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getServiceStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the service
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "packets": 1,
                     *       "bytes": 1,
                     *       "countedSince": "2030-01-01T00:00:00Z",
                     *       "ringSize": 1,
                     *       "backends": {
                     *         "b1": {
                     *           "health": "up",
                     *           "packets": 1,
                     *           "bytes": 1,
                     *           "countedSince": "2030-01-01T00:00:00Z",
                     *           "share": 1
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ServiceStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSets: {
        parameters: {
            query?: {
                /**
                 * @description `nextCursor` of the page before
                 * @example d2Vi
                 */
                cursor?: string;
                /**
                 * @description Adds `status` to each item
                 * @example status
                 */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /**
                 * @description Items of a page (default: 100)
                 * @example 1
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of sets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "web"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description One page of them
                         * @example [
                         *       {
                         *         "name": "web"
                         *       }
                         *     ]
                         */
                        items: ({
                            /**
                             * @description Name, or device
                             * @example web
                             */
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getSet: {
        parameters: {
            query?: {
                /**
                 * @description Adds the entries, up to 10,000
                 * @example entries
                 */
                include?: "entries";
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The set, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "description": "by hand"
                     *     }
                     */
                    "application/json": components["schemas"]["Set"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSet: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "by hand"
                 *     }
                 */
                "application/json": components["schemas"]["Set"];
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "description": "by hand"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Set"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "description": "by hand"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Set"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "description": "by hand"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Set"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSet: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "baseRevision": 1,
                     *       "changes": [
                     *         {
                     *           "op": "add",
                     *           "path": "/rules/block-bad/priority",
                     *           "from": "allow",
                     *           "to": "deny"
                     *         }
                     *       ],
                     *       "capacity": [
                     *         {
                     *           "table": "prefixes_ipv4",
                     *           "used": 1,
                     *           "after": 1,
                     *           "max": 1
                     *         }
                     *       ],
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description Done; `Drawgate-Revision` has the revision */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchSet: {
        parameters: {
            query?: {
                /**
                 * @description Rolled back after this time (5s to 1h), if `POST /v1/policy/confirm` does not come; answers 202
                 * @example 60s
                 */
                confirmWithin?: string;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description Stores what `management_cut_off` would refuse; for admins
                 * @example false
                 */
                force?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    [key: string]: unknown;
                };
                /** @example {} */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "description": "by hand"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description That was in force before
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force when the answer is sent
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Set"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description In force, and waiting for its confirmation */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 42,
                     *       "deadline": "2030-01-01T00:01:00Z",
                     *       "previousRevision": 41,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ],
                     *       "value": {
                     *         "description": "by hand"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is rolled back, unless it is confirmed
                         * @example 2030-01-01T00:01:00Z
                         */
                        deadline: string;
                        /**
                         * @description Whose policy comes back
                         * @example 41
                         */
                        previousRevision: number;
                        /**
                         * @description In force, and what `POST /v1/policy/confirm` takes
                         * @example 42
                         */
                        revision: number;
                        value: components["schemas"]["Set"];
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEntries: {
        parameters: {
            query?: {
                /**
                 * @description Only entries that contain this address or prefix
                 * @example 192.0.2.7
                 */
                contains?: string;
                /**
                 * @description `nextCursor` of the page before
                 * @example d2Vi
                 */
                cursor?: string;
                /**
                 * @description Entries of a page (default: 1000)
                 * @example 1
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of entries, by family and address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "prefix": "192.0.2.0/24",
                     *           "expiresAt": "2030-01-01T00:00:00Z",
                     *           "comment": "see ticket 1234",
                     *           "addedAt": "2030-01-01T00:00:00Z"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description One page of them
                         * @example [
                         *       {
                         *         "prefix": "192.0.2.0/24",
                         *         "expiresAt": "2030-01-01T00:00:00Z",
                         *         "comment": "see ticket 1234",
                         *         "addedAt": "2030-01-01T00:00:00Z"
                         *       }
                         *     ]
                         */
                        items: {
                            /**
                             * Format: date-time
                             * @description When the entry came in
                             * @example 2030-01-01T00:00:00Z
                             */
                            addedAt: string;
                            /**
                             * @description For people
                             * @example see ticket 1234
                             */
                            comment?: string;
                            /**
                             * Format: date-time
                             * @description When the entry is gone
                             * @example 2030-01-01T00:00:00Z
                             */
                            expiresAt?: string;
                            /**
                             * @description Prefix, with length
                             * @example 192.0.2.0/24
                             */
                            prefix: string;
                        }[];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putEntries: {
        parameters: {
            query?: {
                /**
                 * @description Lets a body without a single prefix empty the set
                 * @example false
                 */
                allowEmpty?: boolean;
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example [
                 *       "192.0.2.7"
                 *     ]
                 */
                "application/json": components["schemas"]["Entry"][];
                /**
                 * @example 192.0.2.0/24
                 *     2001:db8::/32 # by hand
                 */
                "text/plain": string;
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "added": 1,
                     *       "updated": 1,
                     *       "removed": 1,
                     *       "missing": 1,
                     *       "entryCount": 1,
                     *       "revision": 1,
                     *       "previousRevision": 1,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Entries that are new
                         * @example 1
                         */
                        added: number;
                        /**
                         * @description Entries now
                         * @example 1
                         */
                        entryCount: number;
                        /**
                         * @description Entries to remove that were not there
                         * @example 1
                         */
                        missing: number;
                        /**
                         * @description Number of the policy before
                         * @example 1
                         */
                        previousRevision: number;
                        /**
                         * @description Entries that are gone
                         * @example 1
                         */
                        removed: number;
                        /**
                         * @description Number of the policy in force
                         * @example 1
                         */
                        revision: number;
                        /**
                         * @description Entries whose comment or end changed
                         * @example 1
                         */
                        updated: number;
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteEntries: {
        parameters: {
            query?: {
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "baseRevision": 1,
                     *       "changes": [
                     *         {
                     *           "op": "add",
                     *           "path": "/rules/block-bad/priority",
                     *           "from": "allow",
                     *           "to": "deny"
                     *         }
                     *       ],
                     *       "capacity": [
                     *         {
                     *           "table": "prefixes_ipv4",
                     *           "used": 1,
                     *           "after": 1,
                     *           "max": 1
                     *         }
                     *       ],
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description Done; `Drawgate-Revision` has the revision */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchEntries: {
        parameters: {
            query?: {
                /**
                 * @description Checks and compiles, tells what would change, and changes nothing
                 * @example false
                 */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        /** @description Entries to remove, and then to add */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "add": [
                 *         "192.0.2.7"
                 *       ],
                 *       "remove": [
                 *         "192.0.2.7"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Entries to put in */
                    add?: components["schemas"]["Entry"][];
                    /** @description Prefixes to take out */
                    remove?: components["schemas"]["PlainEntry"][];
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "added": 1,
                     *       "updated": 1,
                     *       "removed": 1,
                     *       "missing": 1,
                     *       "entryCount": 1,
                     *       "revision": 1,
                     *       "previousRevision": 1,
                     *       "warnings": [
                     *         {
                     *           "pointer": "/rules/web-2",
                     *           "code": "no_established_rule",
                     *           "detail": "rule web-2 may match what web-1 matches"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Entries that are new
                         * @example 1
                         */
                        added: number;
                        /**
                         * @description Entries now
                         * @example 1
                         */
                        entryCount: number;
                        /**
                         * @description Entries to remove that were not there
                         * @example 1
                         */
                        missing: number;
                        /**
                         * @description Number of the policy before
                         * @example 1
                         */
                        previousRevision: number;
                        /**
                         * @description Entries that are gone
                         * @example 1
                         */
                        removed: number;
                        /**
                         * @description Number of the policy in force
                         * @example 1
                         */
                        revision: number;
                        /**
                         * @description Entries whose comment or end changed
                         * @example 1
                         */
                        updated: number;
                        /** @description What is allowed and yet often a mistake */
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSetStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the set
                 * @example web
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entryCount": 1,
                     *       "ipv4": 1,
                     *       "ipv6": 1
                     *     }
                     */
                    "application/json": components["schemas"]["SetStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description How the gate is doing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "0.1.0",
                     *       "startedAt": "2030-01-01T00:00:00Z",
                     *       "revision": 1,
                     *       "revisionInForce": 1,
                     *       "inSync": false,
                     *       "trouble": "the store is full",
                     *       "mode": "enforce",
                     *       "pendingConfirm": {
                     *         "revision": 42,
                     *         "base": 41,
                     *         "deadline": "2030-01-01T00:01:00Z",
                     *         "who": "token deploy",
                     *         "cause": "PUT /v1/policy"
                     *       },
                     *       "devices": [
                     *         {
                     *           "name": "eth0",
                     *           "ifindex": 2,
                     *           "state": "attached",
                     *           "mode": "native",
                     *           "egress": "tcx",
                     *           "linkId": 1,
                     *           "programId": 1,
                     *           "driver": "virtio_net",
                     *           "mtu": 1500,
                     *           "error": "XDP is owned by another program"
                     *         }
                     *       ],
                     *       "capacity": [
                     *         {
                     *           "table": "vectors",
                     *           "used": 1,
                     *           "max": 1
                     *         }
                     *       ],
                     *       "kernel": {
                     *         "release": "6.1.0"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Rows of each table
                         * @example [
                         *       {
                         *         "table": "vectors",
                         *         "used": 1,
                         *         "max": 1
                         *       }
                         *     ]
                         */
                        capacity: {
                            /**
                             * @description Rows that there are
                             * @example 1
                             */
                            max: number;
                            /**
                             * @description Name of the table
                             * @example vectors
                             */
                            table: string;
                            /**
                             * @description Rows in use now
                             * @example 1
                             */
                            used: number;
                        }[];
                        /** @description Devices, each with how the dataplane stands on it */
                        devices: components["schemas"]["DeviceStatus"][];
                        /**
                         * @description Whether they are the same
                         * @example false
                         */
                        inSync: boolean;
                        /** @description The kernel that enforces */
                        kernel: {
                            /**
                             * @description Version of the kernel
                             * @example 6.1.0
                             */
                            release: string;
                        };
                        /**
                         * @description Whether policy decides, or the emergency switch
                         * @example enforce
                         * @enum {unknown}
                         */
                        mode: "enforce" | "observe" | "pass" | "lockdown";
                        /** @description What waits for its confirmation */
                        pendingConfirm: components["schemas"]["PendingConfirm"] | null;
                        /**
                         * @description Newest that was accepted
                         * @example 1
                         */
                        revision: number;
                        /**
                         * @description That the kernel enforces
                         * @example 1
                         */
                        revisionInForce: number;
                        /**
                         * Format: date-time
                         * @description When the daemon started
                         * @example 2030-01-01T00:00:00Z
                         */
                        startedAt: string;
                        /**
                         * @description Why they are not
                         * @example the store is full
                         */
                        trouble: string | null;
                        /**
                         * @description Of the daemon
                         * @example 0.1.0
                         */
                        version: string;
                    };
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description All tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "deploy",
                     *           "role": "operator",
                     *           "sets": [
                     *             "blocklist"
                     *           ],
                     *           "expiresAt": "2030-01-01T00:00:00Z",
                     *           "createdAt": "2030-01-01T00:00:00Z"
                     *         }
                     *       ],
                     *       "nextCursor": "d2Vi"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description One page of them
                         * @example [
                         *       {
                         *         "name": "deploy",
                         *         "role": "operator",
                         *         "sets": [
                         *           "blocklist"
                         *         ],
                         *         "expiresAt": "2030-01-01T00:00:00Z",
                         *         "createdAt": "2030-01-01T00:00:00Z"
                         *       }
                         *     ]
                         */
                        items: {
                            /**
                             * Format: date-time
                             * @description When it was made
                             * @example 2030-01-01T00:00:00Z
                             */
                            createdAt: string;
                            /**
                             * @description RFC 3339
                             * @example 2030-01-01T00:00:00Z
                             */
                            expiresAt?: string;
                            /**
                             * @description Name of the token, as the audit log shows it
                             * @example deploy
                             */
                            name: string;
                            /**
                             * @description viewer reads and traces, operator writes, admin does all
                             * @example operator
                             * @enum {unknown}
                             */
                            role: "viewer" | "operator" | "admin";
                            /**
                             * @description Only the entries of these sets may be written
                             * @example [
                             *       "blocklist"
                             *     ]
                             */
                            sets?: string[];
                        }[];
                        /**
                         * @description For `cursor`; null: this is the last page
                         * @example d2Vi
                         */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A token to be made */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "deploy",
                 *       "role": "operator",
                 *       "sets": [
                 *         "blocklist"
                 *       ],
                 *       "expiresAt": "2030-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description RFC 3339
                     * @example 2030-01-01T00:00:00Z
                     */
                    expiresAt?: string;
                    /**
                     * @description Name of the token, as the audit log shows it
                     * @example deploy
                     */
                    name: string;
                    /**
                     * @description viewer reads and traces, operator writes, admin does all
                     * @example operator
                     * @enum {unknown}
                     */
                    role: "viewer" | "operator" | "admin";
                    /**
                     * @description Only the entries of these sets may be written
                     * @example [
                     *       "blocklist"
                     *     ]
                     */
                    sets?: string[];
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token with its secret, which is shown this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "deploy",
                     *       "role": "operator",
                     *       "sets": [
                     *         "blocklist"
                     *       ],
                     *       "expiresAt": "2030-01-01T00:00:00Z",
                     *       "createdAt": "2030-01-01T00:00:00Z",
                     *       "secret": "dg_0123456789abcdef"
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it was made
                         * @example 2030-01-01T00:00:00Z
                         */
                        createdAt: string;
                        /**
                         * @description RFC 3339
                         * @example 2030-01-01T00:00:00Z
                         */
                        expiresAt?: string;
                        /**
                         * @description Name of the token, as the audit log shows it
                         * @example deploy
                         */
                        name: string;
                        /**
                         * @description viewer reads and traces, operator writes, admin does all
                         * @example operator
                         * @enum {unknown}
                         */
                        role: "viewer" | "operator" | "admin";
                        /**
                         * @description Shown this once
                         * @example dg_0123456789abcdef
                         */
                        secret: string;
                        /**
                         * @description Only the entries of these sets may be written
                         * @example [
                         *       "blocklist"
                         *     ]
                         */
                        sets?: string[];
                    };
                };
            };
            /** @description Something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the token, as the audit log shows it
                 * @example deploy
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Gone; requests that carry it are refused from now on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    trace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Either `packet` or `fields` */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "direction": "ingress",
                 *       "fields": {
                 *         "source": "192.0.2.7",
                 *         "destination": "198.51.100.10",
                 *         "protocol": "tcp",
                 *         "destinationPort": 80
                 *       }
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Packets that come in, or that this host sends
                     * @example ingress
                     * @enum {unknown}
                     */
                    direction: "ingress" | "egress";
                    /** @description A packet, described */
                    fields?: {
                        /**
                         * @description Control group of the sender (egress), from the root of the hierarchy; it need not exist
                         * @example /system.slice/nginx.service
                         */
                        cgroup?: string;
                        /**
                         * @description Address that it goes to, of the same family
                         * @example 198.51.100.10
                         */
                        destination: string;
                        /**
                         * @description Default: 80
                         * @example 80
                         */
                        destinationPort?: number;
                        /**
                         * @description Differentiated services code point
                         * @example 46
                         */
                        dscp?: number;
                        /**
                         * @description Default: none
                         * @example none
                         * @enum {unknown}
                         */
                        fragment?: "none" | "first" | "later";
                        /**
                         * @description Default: 64
                         * @example 64
                         */
                        hopLimit?: number;
                        /** @description Default: an echo request */
                        icmp?: {
                            /**
                             * @description Code of the message; absent: any
                             * @example 0
                             */
                            code?: number;
                            /**
                             * @description Type of the message
                             * @example 0
                             */
                            type: number;
                        };
                        /**
                         * @description Bytes of the IP packet; default: as long as its headers
                         * @example 64
                         */
                        length?: number;
                        /**
                         * @description Protocol by name or number
                         * @example tcp
                         */
                        protocol?: ("tcp" | "udp" | "icmp" | "icmpv6" | "sctp") | number;
                        /**
                         * @description Address that the packet comes from
                         * @example 192.0.2.7
                         */
                        source: string;
                        /**
                         * @description Default: 50000
                         * @example 50000
                         */
                        sourcePort?: number;
                        /**
                         * @description Default: syn alone
                         * @example [
                         *       "syn"
                         *     ]
                         */
                        tcpFlags?: ("fin" | "syn" | "rst" | "psh" | "ack" | "urg" | "ece" | "cwr")[];
                        /**
                         * @description User of the sender (egress)
                         * @example 1000
                         */
                        uid?: number;
                        /**
                         * @description Tag in the frame
                         * @example 100
                         */
                        vlan?: number;
                    };
                    /**
                     * @description Device; absent: rules that name interfaces do not match
                     * @example eth0
                     */
                    interface?: string;
                    /**
                     * Format: byte
                     * @description From the Ethernet header on
                     * @example AgAAAAECAgAAAAEBCABFAAAo
                     */
                    packet?: string;
                    /**
                     * @description As if its connection were in this state; absent: as the live table knows it
                     * @example established
                     * @enum {unknown}
                     */
                    state?: "new" | "established" | "related" | "invalid";
                };
            };
        };
        responses: {
            /** @description The request was refused; `code` and `errors` say why */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drawgate:error:host_bits",
                     *       "title": "A prefix has bits set past its length",
                     *       "status": 422,
                     *       "detail": "/match/source/0: 10.0.0.7/8 has bits set past /8",
                     *       "code": "host_bits",
                     *       "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host",
                     *       "errors": [
                     *         {
                     *           "pointer": "/match/source/0",
                     *           "code": "host_bits",
                     *           "detail": "10.0.0.7/8 has bits set past /8",
                     *           "hint": "write 10.0.0.0/8, or 10.0.0.7/32 for one host"
                     *         }
                     *       ],
                     *       "errorCount": 1
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What would happen to the packet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verdict": "pass",
                     *       "reason": "rule",
                     *       "rule": "block-bad",
                     *       "service": "web",
                     *       "backend": "b1",
                     *       "state": "new",
                     *       "observed": [
                     *         "block-bad"
                     *       ],
                     *       "revision": 1,
                     *       "hook": "xdp_ingress",
                     *       "steps": [
                     *         {
                     *           "stage": "firewall",
                     *           "outcome": "rule",
                     *           "detail": "block-bad"
                     *         }
                     *       ],
                     *       "packet": "AgAAAAECAgAAAAEBCABFAAAo"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Backend that it goes to
                         * @example b1
                         */
                        backend?: string;
                        /**
                         * @description Program that was asked
                         * @example xdp_ingress
                         */
                        hook: string;
                        /**
                         * @description Rules that matched and only observe; the first 8
                         * @example [
                         *       "block-bad"
                         *     ]
                         */
                        observed: string[];
                        /**
                         * Format: byte
                         * @description After rewriting
                         * @example AgAAAAECAgAAAAEBCABFAAAo
                         */
                        packet: string;
                        /**
                         * @description A row of docs/packet.md
                         * @example rule
                         */
                        reason: string;
                        /**
                         * @description Of the policy that answered
                         * @example 1
                         */
                        revision: number;
                        /**
                         * @description That decided
                         * @example block-bad
                         */
                        rule?: string;
                        /**
                         * @description Service that took it
                         * @example web
                         */
                        service?: string;
                        /**
                         * @description Of its connection; untracked where no rule asks
                         * @example new
                         */
                        state: string;
                        /**
                         * @description In the order in which the packet met them
                         * @example [
                         *       {
                         *         "stage": "firewall",
                         *         "outcome": "rule",
                         *         "detail": "block-bad"
                         *       }
                         *     ]
                         */
                        steps: {
                            /**
                             * @description Two numbers that docs/packet.md explains stage by stage
                             * @example block-bad
                             */
                            detail: string;
                            /**
                             * @description What the stage did
                             * @example rule
                             */
                            outcome: string;
                            /**
                             * @description Stage of docs/packet.md
                             * @example firewall
                             */
                            stage: string;
                        }[];
                        /**
                         * @description What becomes of the packet
                         * @example pass
                         * @enum {unknown}
                         */
                        verdict: "pass" | "drop" | "transmit" | "redirect" | "abort";
                    };
                };
            };
        };
    };
}
