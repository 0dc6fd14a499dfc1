/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/lab.h"
#include "study/study.h"

/* A real server that guests of the lab run besides their workload (servers/NAME), and who plays its
 * clients. */
typedef struct {
  char *name, *title;
  guint port;
  char *path;
  guint clients, rate; /* how many there are; how often each asks, a second */
  char *initrd;        /* that its guests boot, in the lab; NULL: not made */
  char *generator;     /* the program that plays them; NULL: none is installed */
} MigServer;

/* mig_server_list: those that ship: GPtrArray of MigServer, sorted by name; never NULL; the caller
 * frees it with g_ptr_array_unref(). */
GPtrArray *mig_server_list (void);

/* mig_server_find: of that name (NULL: none); NULL: it is not among them. */
const MigServer *mig_server_find (const GPtrArray *servers, const char *name);

/* mig_servers_prepare: those that the study's guests have, with what they boot: images that the
 * cache does not have are built, which takes a minute. Empty where the lab has no network for them.
 * lab: NULL: the hosts are others. Errors: that; what building them takes; FAILED. */
GPtrArray *mig_servers_prepare (const MigStudy *study, const MigLab *lab, GError **error);

/* mig_server_spec: how its page on the guest with that address is asked for (probe-spec.h); the
 * caller frees it. */
char *mig_server_spec (const MigServer *server, const char *address);
