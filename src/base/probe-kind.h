/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a prober's kinds of questions are called where they are told and where they are stored. */
#define MIG_PROBE_OF_PACKETS "udp"
#define MIG_PROBE_OF_CONNECTIONS "tcp"
#define MIG_PROBE_OF_PINGS "icmp"
#define MIG_PROBE_OF_CONNECTS "connect"
#define MIG_PROBE_OF_HTTP "http"
#define MIG_PROBE_OF_STREAM_TO "stream-to"
#define MIG_PROBE_OF_STREAM_FROM "stream-from"

/* And the packets that announce a guest. */
#define MIG_ANNOUNCED_BY_RARP "rarp"
#define MIG_ANNOUNCED_BY_ARP "arp"
