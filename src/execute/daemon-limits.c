/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "execute/daemon-limits.h"

/* max_workers of libvirtd.conf and virtqemud.conf: calls that are served at a time. The source's
 * daemon is in one of them from the beginning to the end of each migration. */
#define WORKERS 20

/* migration_port_min to migration_port_max of qemu.conf: 49152 to 49215 */
#define PORTS 64

/* MaxStartups of sshd_config: connections that have not logged in yet; of more it refuses some.
 * Each migration has one of its own to either host (mig_job_new), which a later migration may take
 * over. The 5 calls of one connection at a time (max_client_requests) limit none for that reason.
 */
#define LOGINS 10

/* The pairs of hosts that a plan's moves go between: from * hosts + to. */
typedef struct {
  guint *moves;
  guint hosts, parallel;
} Pairs;

static guint
out_of (const Pairs *self, guint host)
{
  guint sum = 0;

  for (guint other = 0; other < self->hosts; other++)
    sum += self->moves[host * self->hosts + other];
  return MIN (self->parallel, sum);
}

static guint
into (const Pairs *self, guint host)
{
  guint sum = 0;

  for (guint other = 0; other < self->hosts; other++)
    sum += MIN (self->parallel, self->moves[other * self->hosts + host]);
  return sum;
}

static gboolean
is_by_ssh (const MigFleetHost *host, GHashTable *uris)
{
  const char *uri = g_hash_table_lookup (uris, host->name);
  g_autofree char *scheme = uri ? g_uri_parse_scheme (uri) : NULL;

  return scheme && (g_str_has_suffix (scheme, "+ssh") || g_str_has_suffix (scheme, "+libssh") ||
                    g_str_has_suffix (scheme, "+libssh2"));
}

GPtrArray *
mig_daemon_limits_texts (const MigFleet *fleet, const GArray *moves, guint parallel,
                         GHashTable *uris)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  guint n = fleet->hosts->len, out = 0, in = 0, logins = 0;
  g_autofree guint *counts = g_new0 (guint, n * n);
  const Pairs pairs = { counts, n, parallel };

  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      counts[g_array_index (fleet->vms, MigFleetVm, move->vm).host * n + move->to]++;
    }
  for (guint host = 0; host < n; host++)
    {
      out = MAX (out, out_of (&pairs, host));
      in = MAX (in, into (&pairs, host));
      if (is_by_ssh (&g_array_index (fleet->hosts, MigFleetHost, host), uris))
        logins = MAX (logins, out_of (&pairs, host) + into (&pairs, host));
    }
  if (logins > LOGINS)
    g_ptr_array_add (
        texts, g_strdup_printf ("up to %u migrations at a time have a connection by ssh each "
                                "to one host: of more than %d that log in together its server "
                                "refuses some, unless MaxStartups of its sshd_config says "
                                "otherwise",
                                logins, LOGINS));
  if (out > WORKERS)
    g_ptr_array_add (
        texts, g_strdup_printf ("up to %u migrations leave a host at a time: its libvirt daemon "
                                "serves %d calls at a time, of which each migration is one, "
                                "unless max_workers of its configuration says otherwise",
                                out, WORKERS));
  if (in > PORTS)
    g_ptr_array_add (texts,
                     g_strdup_printf ("up to %u migrations go to a host at a time: it has %d ports "
                                      "for them, unless migration_port_max of its qemu.conf says "
                                      "otherwise",
                                      in, PORTS));
  return texts;
}
