/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "plan/verdict.h"

const char *
mig_move_verdict_name (MigMoveVerdict verdict)
{
  static const char *const names[MIG_N_VERDICTS] = { "can move", "may fail", "busy",
                                                     "cannot move" };
  return names[verdict];
}

static void
reason_free (gpointer data)
{
  MigVerdictReason *self = data;
  g_free (self->to);
  g_free (self->reason);
  g_free (self->advice);
  g_free (self);
}

MigGuestVerdict *
mig_guest_verdict_new (const char *vm, const char *host)
{
  MigGuestVerdict *self = g_new0 (MigGuestVerdict, 1);

  self->vm = g_strdup (vm);
  self->host = g_strdup (host);
  self->reasons = g_ptr_array_new_with_free_func (reason_free);
  return self;
}

void
mig_guest_verdict_free (MigGuestVerdict *self)
{
  g_free (self->vm);
  g_free (self->host);
  g_ptr_array_unref (self->reasons);
  g_free (self);
}

void
mig_guest_verdict_add (MigGuestVerdict *self, const char *to, gboolean certain, const char *reason,
                       const char *advice)
{
  MigVerdictReason *one = g_new (MigVerdictReason, 1);
  *one = (MigVerdictReason){ g_strdup (to), certain, g_strdup (reason), g_strdup (advice) };
  g_ptr_array_add (self->reasons, one);
}

void
mig_guest_verdict_decide (MigGuestVerdict *self, guint others)
{
  g_autoptr (GHashTable) closed = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean certain = FALSE;

  for (guint i = 0; i < self->reasons->len; i++)
    {
      const MigVerdictReason *one = self->reasons->pdata[i];
      if (one->certain && one->to)
        g_hash_table_add (closed, one->to);
      certain |= one->certain && !one->to;
    }
  self->verdict = certain || (others > 0 && g_hash_table_size (closed) >= others)
                      ? MIG_VERDICT_CANNOT
                  : self->reasons->len > 0 ? MIG_VERDICT_MAY_FAIL
                                           : MIG_VERDICT_CAN;
}

char *
mig_verdict_reason_text (const MigVerdictReason *self)
{
  return g_strconcat (self->reason, self->advice ? ": " : NULL, self->advice, NULL);
}

char *
mig_guest_verdict_text (const MigGuestVerdict *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->reasons->len; i++)
    {
      const MigVerdictReason *one = self->reasons->pdata[i];
      if (!one->certain)
        continue;
      if (text->len)
        g_string_append (text, "; ");
      if (one->to)
        g_string_append_printf (text, "host '%s': ", one->to);
      g_autofree char *reason = mig_verdict_reason_text (one);
      g_string_append (text, reason);
    }
  return text->len ? g_strdup (text->str) : NULL;
}
