/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts/probe-selection.h"

typedef struct {
  const GPtrArray *guests, *migrations;
  gboolean *stays; /* of each guest: none of the migrations is its own */
} Selection;

static gboolean
is_own (const char *guest, const MigMigrationRecord *m)
{
  return g_strcmp0 (m->guest, guest) == 0;
}

static gboolean *
find_staying (const GPtrArray *guests, const GPtrArray *migrations)
{
  gboolean *stays = g_new0 (gboolean, guests->len + 1);

  for (guint g = 0; g < guests->len; g++)
    {
      stays[g] = TRUE;
      for (guint i = 0; i < migrations->len; i++)
        stays[g] &= !is_own (guests->pdata[g], migrations->pdata[i]);
    }
  return stays;
}

static gboolean
is_late (const MigProbe *probe)
{
  return MIG_IS_MISSING (probe->answered_ns) ||
         probe->answered_ns - probe->sent_ns >= MIG_PROBE_LATE_NS;
}

/* has_begun: the time that a migration is looked at. */
static gboolean
has_begun (const MigProbe *probe, const MigMigrationRecord *m)
{
  return !MIG_IS_MISSING (m->start_ns) && !MIG_IS_MISSING (m->end_ns) &&
         probe->due_ns >= m->start_ns - MIG_PROBES_BEFORE_NS;
}

static gboolean
is_near (const MigProbe *probe, const MigMigrationRecord *m)
{
  gint64 stop_ns = MIG_IS_MISSING (m->suspended_ns) ? m->start_ns : m->suspended_ns;

  return has_begun (probe, m) &&
         (probe->due_ns < m->start_ns || (probe->due_ns >= stop_ns - MIG_PROBES_APPROACH_NS &&
                                          probe->due_ns <= m->end_ns + MIG_PROBES_AFTER_NS));
}

/* is_of: whether that holds of the probe and a migration that it tells of. */
static gboolean
is_of (const Selection *self, const MigProbe *probe,
       gboolean (*holds) (const MigProbe *probe, const MigMigrationRecord *m))
{
  for (guint i = 0; i < self->migrations->len; i++)
    {
      const MigMigrationRecord *m = self->migrations->pdata[i];
      if ((self->stays[probe->guest] || is_own (self->guests->pdata[probe->guest], m)) &&
          holds (probe, m))
        return TRUE;
    }
  return FALSE;
}

/* follows: what ends the time that a client waits for an answer. */
static gboolean
follows (const MigProbe *before, const MigProbe *probe)
{
  return probe->guest == before->guest && probe->kind == before->kind &&
         probe->connection == before->connection;
}

/* is_beside_late: it was late, or the one before, or the next one. */
static gboolean
is_beside_late (const GArray *probes, guint i)
{
  const MigProbe *probe = &g_array_index (probes, MigProbe, i);
  const MigProbe *before = i > 0 ? probe - 1 : NULL;
  const MigProbe *next = i + 1 < probes->len ? probe + 1 : NULL;

  return is_late (probe) || (before && follows (before, probe) && is_late (before)) ||
         (next && follows (probe, next) && is_late (next));
}

GArray *
mig_probes_select (const GArray *probes, const GPtrArray *guests, const GPtrArray *migrations,
                   guint *cut)
{
  Selection self = { guests, migrations, find_staying (guests, migrations) };
  GArray *kept = g_array_sized_new (FALSE, FALSE, sizeof (gboolean), probes->len);
  guint late = 0, left_out = 0;

  for (guint i = 0; i < probes->len; i++)
    {
      const MigProbe *probe = &g_array_index (probes, MigProbe, i);
      if (i == 0 || !follows (probe - 1, probe))
        late = 0;
      gboolean near = is_of (&self, probe, is_near);
      gboolean wanted = near || (is_beside_late (probes, i) && is_of (&self, probe, has_begun));
      late += wanted && !near;
      gboolean keep = wanted && late <= MIG_PROBES_MAX_LATE;
      left_out += wanted && !keep;
      g_array_append_val (kept, keep);
    }
  g_free (self.stays);
  if (cut)
    *cut = left_out;
  return kept;
}
