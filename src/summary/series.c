/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/series.h"
#include "base/units.h"

void
mig_series_init (MigSeries *self, guint n_values, gint64 reach_ns)
{
  g_return_if_fail (n_values <= MIG_SERIES_VALUES);
  memset (self, 0, sizeof *self);
  self->n_values = n_values;
  self->reach_ns = reach_ns;
}

void
mig_series_probe (MigSeries *self, gint64 at_ns)
{
  guint i;

  g_return_if_fail (!self->any);
  if (MIG_IS_MISSING (at_ns))
    return;
  for (i = 0; i < self->n_probes; i++)
    if (self->probes[i].at_ns == at_ns)
      return;
  g_return_if_fail (self->n_probes < MIG_SERIES_PROBES);
  for (i = self->n_probes; i > 0 && self->probes[i - 1].at_ns > at_ns; i--)
    self->probes[i] = self->probes[i - 1];
  self->probes[i] = (MigProbe){ .at_ns = at_ns };
  self->n_probes++;
}

static void
set_probe (MigProbe *probe, gint64 time_ns, const double *values, guint n_values)
{
  probe->known = TRUE;
  probe->time_ns = time_ns;
  memcpy (probe->values, values, n_values * sizeof *values);
}

/* before_first: a probe that no point precedes. */
static void
before_first (MigSeries *self, MigProbe *probe, gint64 time_ns, const double *values)
{
  static const double zeros[MIG_SERIES_VALUES];

  if (self->starts_at_zero && probe->at_ns < time_ns)
    {
      set_probe (probe, probe->at_ns, zeros, self->n_values);
      for (guint i = 0; i < self->n_values; i++)
        if (isnan (values[i]))
          probe->values[i] = NAN;
    }
  else if (time_ns - probe->at_ns <= self->reach_ns)
    set_probe (probe, time_ns, values, self->n_values);
}

static void
interpolate (MigSeries *self, MigProbe *probe, gint64 time_ns, const double *values)
{
  double share = time_ns > self->last_ns
                     ? (double) (probe->at_ns - self->last_ns) / (double) (time_ns - self->last_ns)
                     : 1;
  double between[MIG_SERIES_VALUES];

  for (guint i = 0; i < self->n_values; i++)
    between[i] = self->last[i] + share * (values[i] - self->last[i]);
  set_probe (probe, probe->at_ns, between, self->n_values);
}

void
mig_series_push (MigSeries *self, gint64 time_ns, const double *values)
{
  if (self->any && time_ns < self->last_ns)
    return;
  for (; self->next < self->n_probes && self->probes[self->next].at_ns <= time_ns; self->next++)
    if (self->any)
      interpolate (self, &self->probes[self->next], time_ns, values);
    else
      before_first (self, &self->probes[self->next], time_ns, values);
  self->any = TRUE;
  self->last_ns = time_ns;
  memcpy (self->last, values, self->n_values * sizeof *values);
}

void
mig_series_finish (MigSeries *self)
{
  for (; self->any && self->next < self->n_probes; self->next++)
    {
      MigProbe *probe = &self->probes[self->next];
      if (self->ends_at_last)
        set_probe (probe, probe->at_ns, self->last, self->n_values);
      else if (probe->at_ns - self->last_ns <= self->reach_ns)
        set_probe (probe, self->last_ns, self->last, self->n_values);
    }
}

static const MigProbe *
find_probe (const MigSeries *self, gint64 at_ns)
{
  for (guint i = 0; i < self->n_probes; i++)
    if (self->probes[i].at_ns == at_ns && self->probes[i].known)
      return &self->probes[i];
  return NULL;
}

double
mig_series_delta (const MigSeries *self, guint value, gint64 from_ns, gint64 to_ns, double *seconds)
{
  const MigProbe *from = find_probe (self, from_ns), *to = find_probe (self, to_ns);

  if (seconds)
    *seconds = NAN;
  if (!from || !to)
    return NAN;
  if (seconds)
    *seconds = (double) (to->time_ns - from->time_ns) / MIG_NS_PER_S;
  return to->values[value] - from->values[value];
}
