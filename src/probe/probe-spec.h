/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How a guest is probed, as users write it: icmp:ADDRESS, tcp:ADDRESS:PORT, http:ADDRESS:PORT/PATH.
 * Pure. */

typedef enum {
  MIG_PROBE_BY_ECHO, /* what migcost's own guests serve: packets, requests, new connections */
  MIG_PROBE_BY_ICMP, /* echo requests, which the guest's kernel answers */
  MIG_PROBE_BY_TCP,  /* new connections; one that is refused is answered, too */
  MIG_PROBE_BY_HTTP, /* a request on each new connection, to the first byte of the answer */
  MIG_N_PROBE_METHODS
} MigProbeMethod;

typedef struct {
  MigProbeMethod method;
  char *address;    /* IPv4, or IPv6 without its brackets */
  guint port;       /* 0: the method has none */
  char *path;       /* of HTTP: "/health"; else NULL */
  gint64 period_ns; /* how often it is asked, as the method has it; a multiple of
                       MIG_PROBE_TICK_NS */
} MigProbeSpec;

#define MIG_PROBE_SSH_PORT 22
#define MIG_PROBE_MAX_PATH 255
/* for messages */
#define MIG_PROBE_SPEC_FORMS "icmp:ADDRESS, tcp:ADDRESS:PORT or http:ADDRESS:PORT/PATH"

/* mig_probe_spec_parse: Errors: INVALID, with what is expected. echo:ADDRESS:PORT is not for users,
 * but between migcost and its prober: own. */
MigProbeSpec *mig_probe_spec_parse (const char *text, gboolean own, GError **error);
void mig_probe_spec_free (MigProbeSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigProbeSpec, mig_probe_spec_free)

/* mig_probe_spec_format: as it is parsed. The caller frees it. */
char *mig_probe_spec_format (const MigProbeSpec *spec);

/* mig_probe_spec_join: of a study: "icmp", "tcp:80", "http:80/health" and the address. The caller
 * frees it; NULL: the method has no such form. Whether it can be parsed is another question. */
char *mig_probe_spec_join (const char *method, const char *address);

/* mig_probe_spec_asks: what is asked, for people: "ICMP echo to 192.0.2.1". The caller frees it. */
char *mig_probe_spec_asks (const MigProbeSpec *spec);
