/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "execute/daemon-limits.h"

/* max_workers of libvirtd.conf and virtqemud.conf: calls that are served at a time. The source's
 * daemon is in one of them from the beginning to the end of each migration. */
#define WORKERS 20

/* migration_port_min to migration_port_max of qemu.conf: 49152 to 49215 */
#define PORTS 64

/* most: moves from, or into, one host at a time. */
static guint
most (const MigFleet *fleet, const GArray *moves, guint parallel, gboolean into)
{
  g_autofree guint *pairs = g_new0 (guint, fleet->hosts->len * fleet->hosts->len);
  guint n = fleet->hosts->len, highest = 0;

  for (guint i = 0; i < moves->len; i++)
    {
      const MigMove *move = &g_array_index (moves, MigMove, i);
      pairs[g_array_index (fleet->vms, MigFleetVm, move->vm).host * n + move->to]++;
    }
  for (guint host = 0; host < n; host++)
    {
      guint sum = 0;
      for (guint other = 0; other < n; other++)
        sum += into ? MIN (parallel, pairs[other * n + host]) : pairs[host * n + other];
      highest = MAX (highest, into ? sum : MIN (parallel, sum));
    }
  return highest;
}

char *
mig_daemon_limits_text (const MigFleet *fleet, const GArray *moves, guint parallel)
{
  guint out = most (fleet, moves, parallel, FALSE), in = most (fleet, moves, parallel, TRUE);

  if (out > WORKERS)
    return g_strdup_printf ("up to %u migrations leave a host at a time: its libvirt daemon serves "
                            "%d calls at a time, of which each migration is one, unless "
                            "max_workers of its configuration says otherwise",
                            out, WORKERS);
  if (in > PORTS)
    return g_strdup_printf ("up to %u migrations go to a host at a time: it has %d ports for "
                            "them, unless migration_port_max of its qemu.conf says otherwise",
                            in, PORTS);
  return NULL;
}
