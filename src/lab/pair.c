/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "lab/pair.h"
#include "lab/script.h"

static const struct {
  const char *name, *script;
} kinds[MIG_N_PAIR_KINDS] = {
  [MIG_PAIR_XEN] = { "Xen", "xen/xen-pair" },
  [MIG_PAIR_KVM] = { "KVM", "kvm/kvm-pair" },
};

const char *
mig_pair_kind_name (MigPairKind kind)
{
  return kinds[kind].name;
}

void
mig_pair_free (MigPair *pair)
{
  if (!pair)
    return;
  g_free (pair->directory);
  g_free (pair->uris[0]);
  g_free (pair->uris[1]);
  g_free (pair);
}

/* run_script: its standard output; the caller frees it. */
static char *
run_script (MigPairKind kind, const char *action, const char *directory, GError **error)
{
  g_autofree char *initrd = strcmp (action, "up") == 0 ? mig_files_find_program ("guest.cpio.gz")
                                                       : NULL;
  g_autofree char *what = g_strdup_printf ("the emulated %s pair", kinds[kind].name);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();

  g_ptr_array_add (arguments, (gpointer) action);
  if (directory)
    g_ptr_array_add (arguments, (gpointer) directory);
  if (initrd)
    {
      g_ptr_array_add (arguments, (gpointer) "--initrd");
      g_ptr_array_add (arguments, initrd);
    }
  g_ptr_array_add (arguments, NULL);
  return mig_script_run (kinds[kind].script, (const char *const *) arguments->pdata, what, error);
}

/* "directory D", "source URI", "destination URI", for each pair. */
static void
parse_pairs (const char *text, MigPairKind kind, GPtrArray *pairs)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] && lines[i + 1] && lines[i + 2]; i += 3)
    {
      if (!g_str_has_prefix (lines[i], "directory ") ||
          !g_str_has_prefix (lines[i + 1], "source ") ||
          !g_str_has_prefix (lines[i + 2], "destination "))
        break;
      MigPair *pair = g_new0 (MigPair, 1);
      pair->kind = kind;
      pair->directory = g_strdup (lines[i] + strlen ("directory "));
      pair->uris[0] = g_strdup (lines[i + 1] + strlen ("source "));
      pair->uris[1] = g_strdup (lines[i + 2] + strlen ("destination "));
      g_ptr_array_add (pairs, pair);
    }
}

static GPtrArray *
pairs_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) mig_pair_free);
}

MigPair *
mig_pair_up (MigPairKind kind, GError **error)
{
  g_autofree char *out = run_script (kind, "up", NULL, error);

  if (!out)
    return NULL;
  g_autoptr (GPtrArray) pairs = pairs_new ();
  parse_pairs (out, kind, pairs);
  if (pairs->len == 1)
    return g_ptr_array_steal_index (pairs, 0);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "the script '%s' did not print the URIs of its hosts", kinds[kind].script);
  return NULL;
}

GPtrArray *
mig_pair_list (GError **error)
{
  g_autoptr (GPtrArray) pairs = pairs_new ();

  for (MigPairKind kind = 0; kind < MIG_N_PAIR_KINDS; kind++)
    {
      g_autofree char *script = mig_files_find_program (kinds[kind].script);
      g_autofree char *out = script ? run_script (kind, "status", NULL, error) : g_strdup ("");
      if (!out)
        return NULL;
      parse_pairs (out, kind, pairs);
    }
  return g_steal_pointer (&pairs);
}

gboolean
mig_pair_down (const MigPair *pair, GError **error)
{
  g_autofree char *out = run_script (pair->kind, "down", pair->directory, error);
  return out != NULL;
}
