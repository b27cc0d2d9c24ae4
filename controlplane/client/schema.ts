/** Generated from openapi/openapi.json by scripts/generate-client. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the daemon answers */
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
        /** Read the metrics, for Prometheus */
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
        /** Whether the newest policy is in force */
        get: operations["getReadiness"];
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
        /** List the devices of this host */
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
        /** List interfaces */
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
        /** Read a interface */
        get: operations["getInterface"];
        /** Create or replace a interface */
        put: operations["putInterface"];
        post?: never;
        /** Delete a interface */
        delete: operations["deleteInterface"];
        options?: never;
        head?: never;
        /** Change fields of a interface */
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
        /** Read how a interface is doing */
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
        /** Read the emergency switch */
        get: operations["getMode"];
        /** Set the emergency switch: in force with the next packet, outside of revisions */
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
        /** Read this document */
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
        /** Read the policy */
        get: operations["getPolicy"];
        /** Replace the policy */
        put: operations["putPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change parts of the policy */
        patch: operations["patchPolicy"];
        trace?: never;
    };
    "/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List rules */
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
        /** Read a rule */
        get: operations["getRule"];
        /** Create or replace a rule */
        put: operations["putRule"];
        post?: never;
        /** Delete a rule */
        delete: operations["deleteRule"];
        options?: never;
        head?: never;
        /** Change fields of a rule */
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
        /** Read how a rule is doing */
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
        /** List services */
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
        /** Read a service */
        get: operations["getService"];
        /** Create or replace a service */
        put: operations["putService"];
        post?: never;
        /** Delete a service */
        delete: operations["deleteService"];
        options?: never;
        head?: never;
        /** Change fields of a service */
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
        /** Read a backend */
        get: operations["getBackend"];
        /** Create or replace a backend */
        put: operations["putBackend"];
        post?: never;
        /** Delete a backend */
        delete: operations["deleteBackend"];
        options?: never;
        head?: never;
        /** Change fields of a backend */
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
        /** Read how a service is doing */
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
        /** List sets */
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
        /** Read a set */
        get: operations["getSet"];
        /** Create or replace a set */
        put: operations["putSet"];
        post?: never;
        /** Delete a set */
        delete: operations["deleteSet"];
        options?: never;
        head?: never;
        /** Change fields of a set */
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
        /** List the entries of a set */
        get: operations["listEntries"];
        /** Replace all entries of a set */
        put: operations["putEntries"];
        post?: never;
        /** Empty a set */
        delete: operations["deleteEntries"];
        options?: never;
        head?: never;
        /** Add and remove entries */
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
        /** Read how a set is doing */
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
        /** Read how the gate is doing */
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
        /** List the tokens */
        get: operations["listTokens"];
        put?: never;
        /** Create a token */
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
        /** Delete a token */
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
        /** Ask what would happen to a packet */
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
            /** @description Of IP packets, monotonic */
            bytes: number;
            /** @description When the counters were zero */
            countedSince: string | null;
            /**
             * @description unknown: it is not checked
             * @enum {unknown}
             */
            health: "up" | "down" | "unknown";
            /** @description Monotonic */
            packets: number;
            /** @description Of new connections, 0 to 1 */
            share: number;
        };
        /** @description One change of the policy */
        Change: {
            from?: unknown;
            /** @enum {unknown} */
            op: "add" | "remove" | "replace";
            /**
             * @description RFC 6901, from the root of the policy
             * @example /rules/block-bad/priority
             */
            path: string;
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
            /** @description Ways in that are allowed before anything else; absent: tcp 22 and the API from everywhere; []: none */
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
            /** @example virtio_net */
            driver: string;
            /**
             * @description How tc_egress is attached
             * @enum {unknown}
             */
            egress: "tcx" | "clsact" | "off";
            /** @description Why the state is degraded */
            error?: string;
            /** @example 2 */
            ifindex: number;
            linkId: number | null;
            /**
             * @description Of xdp_ingress
             * @enum {unknown}
             */
            mode: "native" | "generic" | "off";
            /** @example 1500 */
            mtu: number;
            /** @example eth0 */
            name: string;
            programId: number | null;
            /** @enum {unknown} */
            state: "attached" | "degraded" | "detached";
        };
        /** @description What a change would do; nothing was changed */
        DryRun: {
            baseRevision: number;
            /** @description How full each table is and would be */
            capacity: {
                after: number;
                max: number;
                /** @example prefixes_ipv4 */
                table: string;
                used: number;
            }[];
            changes: components["schemas"]["Change"][];
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
                after: number;
                max: number;
                /** @example prefixes_ipv4 */
                table: string;
                used: number;
            };
            /** @example host_bits */
            code: string;
            /** @example 10.0.0.7/8 has bits set past /8 */
            detail: string;
            /** @example write 10.0.0.0/8, or 10.0.0.7/32 for one host */
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
            devices: components["schemas"]["DeviceStatus"][];
            /**
             * @description Of the worst of its devices
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
                /** @example 0 */
                code?: number;
                /** @example 8 */
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
            /** @description State of the connection */
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
                set?: ("fin" | "syn" | "rst" | "psh" | "ack" | "urg" | "ece" | "cwr")[];
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
                    /** @enum {unknown} */
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
                    /** @enum {unknown} */
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
                    /** @enum {unknown} */
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
             * @enum {unknown}
             */
            code: "malformed" | "unknown_field" | "host_bits" | "unknown_set" | "unknown_interface" | "empty_match" | "cannot_match" | "unsupported" | "capacity_exceeded" | "service_duplicate" | "management_cut_off" | "too_many_inline" | "too_wide" | "protected" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "in_use" | "exists" | "stale" | "too_large" | "unsupported_media_type" | "rate_limited" | "overloaded" | "unavailable" | "store_full";
            detail: string;
            /** @description Of all faults */
            errorCount: number;
            /** @description All faults of the request, the first 100 */
            errors: components["schemas"]["Fault"][];
            hint?: string;
            status: number;
            title: string;
            /** Format: uri */
            type: string;
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
            /** @description Devices that the rule holds on; absent: all */
            interfaces?: string[];
            /** @description Words to find an object by */
            labels?: {
                [key: string]: string;
            };
            /** @description Drops what is beyond a rate */
            limit?: {
                /** @example 8000000 */
                bitsPerSecond?: number;
                /** @example 16000000 */
                burstBits?: number;
                /** @example 2000 */
                burstPackets?: number;
                /** @example 24 */
                ipv4Prefix?: number;
                /** @example 64 */
                ipv6Prefix?: number;
                /** @example 100 */
                maxConnections?: number;
                /** @example 1000 */
                packetsPerSecond?: number;
                /** @enum {unknown} */
                per?: "rule" | "source" | "sourcePrefix";
                /** @enum {unknown} */
                within?: "continue" | "allow";
            };
            /** @description Samples matches as events */
            log?: {
                /** @example 100 */
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
            /** @description Of IP packets, monotonic */
            bytes: number;
            /** @description When the counters were zero */
            countedSince: string | null;
            /** @description Its time is over: it matches nothing */
            expired?: boolean;
            /** @description Monotonic */
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
                /** @example 200-399 */
                expectStatus?: string;
                /** @example 3 */
                fall?: number;
                /** @example web.example */
                host?: string;
                /**
                 * @description Time between checks
                 * @example 2s
                 */
                interval?: string;
                /** @example /healthz */
                path?: string;
                /** @example 8080 */
                port?: number;
                /** @example 2 */
                rise?: number;
                /** @description gRPC service name */
                service?: string;
                /**
                 * @description Time until a check has failed
                 * @example 1s
                 */
                timeout?: string;
                tls?: {
                    caFile?: string;
                    serverName?: string;
                    verify?: boolean;
                };
                /**
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
            backends: {
                [key: string]: components["schemas"]["BackendStatus"];
            };
            /** @description Of IP packets, monotonic */
            bytes: number;
            /** @description When the counters were zero */
            countedSince: string | null;
            /** @description Monotonic */
            packets: number;
            /** @description Slots that new connections are spread over; 0: no backend takes any */
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
            entryCount: number;
            ipv4: number;
            ipv6: number;
        };
        /** @description Something doubtful that was accepted */
        Warning: {
            /** @example no_established_rule */
            code: string;
            detail: string;
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description One word */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Prometheus text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description One word */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        status: "ok" | "ready";
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description All devices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            addresses: string[];
                            driver: string;
                            ifindex: number;
                            /** @description Entry of `interfaces` that decides for it */
                            interface: string | null;
                            /**
                             * @description Of a virtual device
                             * @example veth
                             */
                            kind: string;
                            /** @example 02:00:00:00:00:01 */
                            mac: string;
                            mtu: number;
                            /** @example eth0 */
                            name: string;
                            /** @description null: the dataplane does not stand on it */
                            status: components["schemas"]["DeviceStatus"] | null;
                            up: boolean;
                        }[];
                        /** @description For `cursor`; null: this is the last page */
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
                /** @description `id` of the last event that was seen */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A stream without end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    listInterfaces: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Adds `status` to each item */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /** @description Items of a page (default: 100) */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of interfaces */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: ({
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description For `cursor`; null: this is the last page */
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
                /** @description Name of the interface */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The interface, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Interface"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putInterface: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the interface */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Interface"];
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
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Interface"];
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteInterface: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the interface */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Other objects are in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchInterface: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the interface */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Interface"];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                /** @description Name of the interface */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterfaceStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The emergency switch, and why it stands where it does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is enforce again
                         */
                        expiresAt?: string;
                        /**
                         * @description enforce: as the policy says; observe: rules and defaults are counted and drop nothing; pass: no rule is asked, services go on; lockdown: management, essentials and established connections alone
                         * @example observe
                         * @enum {unknown}
                         */
                        mode: "enforce" | "observe" | "pass" | "lockdown";
                        /** @example rollout of the new rules */
                        reason: string;
                        /**
                         * @description Who has set it
                         * @example token deploy
                         */
                        setBy: string;
                        /** Format: date-time */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The emergency switch, and why it stands where it does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it is enforce again
                         */
                        expiresAt?: string;
                        /**
                         * @description enforce: as the policy says; observe: rules and defaults are counted and drop nothing; pass: no rule is asked, services go on; lockdown: management, essentials and established connections alone
                         * @example observe
                         * @enum {unknown}
                         */
                        mode: "enforce" | "observe" | "pass" | "lockdown";
                        /** @example rollout of the new rules */
                        reason: string;
                        /**
                         * @description Who has set it
                         * @example token deploy
                         */
                        setBy: string;
                        /** Format: date-time */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                /** @description Adds the entries of sets, up to 10,000 each */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The whole declared state, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                    "application/yaml": components["schemas"]["Policy"];
                };
            };
        };
    };
    putPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
                /** @description Not supported yet */
                owner?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Policy"];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Policy"];
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRules: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Adds `status` to each item */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /** @description Items of a page (default: 100) */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of rules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: ({
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description For `cursor`; null: this is the last page */
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
                /** @description Name of the rule */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The rule, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putRule: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the rule */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Rule"];
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
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Rule"];
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRule: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the rule */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Other objects are in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchRule: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the rule */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Rule"];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                /** @description Name of the rule */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listServices: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Adds `status` to each item */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /** @description Items of a page (default: 100) */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of services */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: ({
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description For `cursor`; null: this is the last page */
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
                /** @description Name of the service */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putService: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the service */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Service"];
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
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Service"];
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteService: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the service */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Other objects are in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchService: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the service */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Service"];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                /** @description Name of the backend */
                backend: string;
                /** @description Name of the service */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The backend, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backend"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putBackend: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the backend */
                backend: string;
                /** @description Name of the service */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Backend"];
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
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Backend"];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteBackend: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the backend */
                backend: string;
                /** @description Name of the service */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchBackend: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the backend */
                backend: string;
                /** @description Name of the service */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Backend"];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                /** @description Name of the service */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSets: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Adds `status` to each item */
                include?: "status";
                /**
                 * @description `key=value`; repeated: all of them
                 * @example [
                 *       "team=edge"
                 *     ]
                 */
                label?: string[];
                /** @description Items of a page (default: 100) */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of sets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: ({
                            name: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description For `cursor`; null: this is the last page */
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getSet: {
        parameters: {
            query?: {
                /** @description Adds the entries, up to 10,000 */
                include?: "entries";
            };
            header?: never;
            path: {
                /** @description Name of the set */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The set, as PUT takes it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Set"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSet: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the set */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Replaced, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Set"];
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
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Set"];
                        warnings: components["schemas"]["Warning"][];
                    } | components["schemas"]["DryRun"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSet: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the set */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Other objects are in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchSet: {
        parameters: {
            query?: {
                /**
                 * @description Not supported yet
                 * @example 60s
                 */
                confirmWithin?: string;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
                /** @description Stores what `management_cut_off` would refuse; for admins */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the set */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That was in force before */
                        previousRevision: number;
                        /** @description In force when the answer is sent */
                        revision: number;
                        value: components["schemas"]["Set"];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Entries of a page (default: 1000) */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of the set */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page of entries, by family and address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            addedAt: string;
                            comment?: string;
                            /**
                             * Format: date-time
                             * @description When the entry is gone
                             */
                            expiresAt?: string;
                            /** @example 192.0.2.0/24 */
                            prefix: string;
                        }[];
                        /** @description For `cursor`; null: this is the last page */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putEntries: {
        parameters: {
            query?: {
                /** @description Lets a body without a single prefix empty the set */
                allowEmpty?: boolean;
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the set */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        added: number;
                        /** @description Entries now */
                        entryCount: number;
                        /** @description Entries to remove that were not there */
                        missing: number;
                        previousRevision: number;
                        removed: number;
                        revision: number;
                        /** @description Entries whose comment or end changed */
                        updated: number;
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteEntries: {
        parameters: {
            query?: {
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the set */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchEntries: {
        parameters: {
            query?: {
                /** @description Checks and compiles, tells what would change, and changes nothing */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the set */
                name: string;
            };
            cookie?: never;
        };
        /** @description Entries to remove, and then to add */
        requestBody: {
            content: {
                "application/json": {
                    add?: components["schemas"]["Entry"][];
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What changed, or the dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        added: number;
                        /** @description Entries now */
                        entryCount: number;
                        /** @description Entries to remove that were not there */
                        missing: number;
                        previousRevision: number;
                        removed: number;
                        revision: number;
                        /** @description Entries whose comment or end changed */
                        updated: number;
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A precondition does not hold */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                /** @description Name of the set */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What moves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetStatus"];
                };
            };
            /** @description There is no such object */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description How the gate is doing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Rows of each table */
                        capacity: {
                            max: number;
                            table: string;
                            used: number;
                        }[];
                        devices: components["schemas"]["DeviceStatus"][];
                        /** @description Whether they are the same */
                        inSync: boolean;
                        kernel: {
                            /** @example 6.1.0 */
                            release: string;
                        };
                        /** @enum {unknown} */
                        mode: "enforce" | "observe" | "pass" | "lockdown";
                        pendingConfirm: null;
                        /** @description Newest that was accepted */
                        revision: number;
                        /** @description That the kernel enforces */
                        revisionInForce: number;
                        /** Format: date-time */
                        startedAt: string;
                        /** @description Why they are not */
                        trouble: string | null;
                        /** @example 0.1.0 */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description All tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
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
                        /** @description For `cursor`; null: this is the last page */
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token with its secret, which is shown this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
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
                        /** @description Shown this once */
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
            /** @description Other objects are in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
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
                     * @example ingress
                     * @enum {unknown}
                     */
                    direction: "ingress" | "egress";
                    /** @description A packet, described */
                    fields?: {
                        /** @description Not supported yet */
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
                        /** @example 46 */
                        dscp?: number;
                        /**
                         * @description Default: none
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
                            code?: number;
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
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible at the moment; `Retry-After` says when to try again */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What would happen to the packet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        backend?: string;
                        /** @example xdp_ingress */
                        hook: string;
                        /** @description Rules that matched and only observe; the first 8 */
                        observed: string[];
                        /**
                         * Format: byte
                         * @description After rewriting
                         */
                        packet: string;
                        /**
                         * @description A row of docs/packet.md
                         * @example rule
                         */
                        reason: string;
                        /** @description Of the policy that answered */
                        revision: number;
                        /** @description That decided */
                        rule?: string;
                        service?: string;
                        /**
                         * @description Of its connection; untracked where no rule asks
                         * @example new
                         */
                        state: string;
                        /** @description In the order in which the packet met them */
                        steps: {
                            /** @example block-bad */
                            detail: string;
                            /** @example rule */
                            outcome: string;
                            /** @example firewall */
                            stage: string;
                        }[];
                        /** @enum {unknown} */
                        verdict: "pass" | "drop" | "transmit" | "redirect" | "abort";
                    };
                };
            };
        };
    };
}
