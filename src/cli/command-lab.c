/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "cli/command.h"
#include "hosts/undo.h"
#include "lab/lab.h"
#include "lab/pair.h"

static char *link_rate;
static int hosts = 2;
static char *emulator;
static gboolean loopback;
static gboolean pair_kinds[MIG_N_PAIR_KINDS];

static const GOptionEntry entries[] = {
  { "hosts", 0, 0, G_OPTION_ARG_INT, &hosts, "number of hosts, from 2 (default) to 8", "N" },
  { "link", 0, 0, G_OPTION_ARG_STRING, &link_rate,
    "rate of the link between the hosts (default: 1 Gbit/s)", "RATE" },
  { "emulator", 0, 0, G_OPTION_ARG_FILENAME, &emulator,
    "QEMU program to try KVM with (default: the first in PATH)", "FILE" },
  { "loopback", 0, 0, G_OPTION_ARG_NONE, &loopback,
    "use no network namespaces: all hosts on loopback", NULL },
  { "xen", 0, 0, G_OPTION_ARG_NONE, &pair_kinds[MIG_PAIR_XEN],
    "start two Xen hosts, emulated by QEMU, instead", NULL },
  { "kvm", 0, 0, G_OPTION_ARG_NONE, &pair_kinds[MIG_PAIR_KVM],
    "start two KVM hosts, emulated by QEMU, instead", NULL },
  { NULL },
};

static gboolean
pair_up (MigPairKind kind, GString *out, GError **error)
{
  if (link_rate || emulator || loopback || hosts != 2 ||
      (pair_kinds[MIG_PAIR_XEN] && pair_kinds[MIG_PAIR_KVM]))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--xen and --kvm can be combined neither with each other nor with --hosts, "
                   "--link, --emulator or --loopback: each starts two hosts, whose link is not "
                   "limited");
      return FALSE;
    }
  g_autoptr (MigPair) pair = mig_pair_up (kind, error);
  if (!pair)
    return FALSE;
  g_string_append_printf (out, "source       %s\ndestination  %s\n\n", pair->uris[0],
                          pair->uris[1]);
  g_string_append_printf (out, "migcost run --source %s --destination %s\n", pair->uris[0],
                          pair->uris[1]);
  g_string_append_printf (out, "virsh -c %s list\nEnd it with: migcost lab down %s\n",
                          pair->uris[0], pair->directory);
  return TRUE;
}

/* host_name: what a host of the lab is called where it is shown; the caller frees it. */
static char *
host_name (guint host)
{
  return host < 2 ? g_strdup (host == 0 ? "source" : "destination")
                  : g_strdup_printf ("host %u", host + 1);
}

static void
add_hosts (const MigLab *lab, GString *out)
{
  for (guint host = 0; host < mig_lab_n_hosts (lab); host++)
    {
      g_autofree char *name = host_name (host);
      g_string_append_printf (out, "%-12s %s\n", name, mig_lab_uri (lab, host));
    }
  if (mig_lab_n_hosts (lab) == 2)
    g_string_append_printf (out, "migrate to   %s (from source), %s (from destination)\n",
                            mig_lab_migrate_uri (lab, 1), mig_lab_migrate_uri (lab, 0));
  for (guint host = 0; host < mig_lab_n_hosts (lab) && mig_lab_n_hosts (lab) > 2; host++)
    {
      g_autofree char *name = host_name (host);
      g_string_append_printf (out, "%-12s %s (%s)\n", host == 0 ? "migrate to" : "",
                              mig_lab_migrate_uri (lab, host), name);
    }
}

static void
add_tls (const MigLab *lab, GString *out)
{
  const char *why_not = mig_lab_tls_why_not (lab);

  g_string_append_printf (out, "TLS          %s%s\n",
                          why_not ? "none: " : "certificates of an authority of its own",
                          why_not ? why_not : "");
}

static gboolean
lab_up (char *const *names, GString *out, GError **error)
{
  for (MigPairKind kind = 0; kind < MIG_N_PAIR_KINDS; kind++)
    if (pair_kinds[kind])
      return pair_up (kind, out, error);

  MigLabOptions options = {
    .hosts = (guint) hosts, .persistent = TRUE, .force_loopback = loopback, .emulator = emulator
  };

  if (hosts < 2 || hosts > MIG_LAB_MAX_HOSTS)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--hosts=%d: expected 2 to %d", hosts,
                   MIG_LAB_MAX_HOSTS);
      return FALSE;
    }

  if (link_rate &&
      !mig_error_of_option (mig_units_parse_rate (link_rate, &options.link_bytes_per_s, error),
                            "link", error))
    return FALSE;
  g_autoptr (MigLab) lab = mig_lab_up (&options, error);
  if (!lab)
    return FALSE;
  const char *why_not = NULL;
  gboolean kvm = mig_lab_has_kvm (lab, &why_not);
  add_hosts (lab, out);
  g_string_append_printf (out, "kernel       %s\ninitramfs    %s\n", mig_lab_kernel (lab),
                          mig_lab_initrd (lab));
  g_string_append_printf (out, "guests       %s%s%s\n", kvm ? "KVM" : "TCG (software emulation): ",
                          kvm || !why_not ? "" : why_not, "");
  add_tls (lab, out);
  g_string_append_printf (out, "\nvirsh -c '%s' list\nEnd it with: migcost lab down %s\n",
                          mig_lab_uri (lab, 0), mig_lab_directory (lab));
  return TRUE;
}

/* is_meant: without names all are. */
static gboolean
is_meant (char *const *names, const char *directory)
{
  return !*names || g_strv_contains ((const char *const *) names, directory);
}

/* check_names: of labs and pairs that are up; before the first one ends. */
static gboolean
check_names (char *const *names, const GPtrArray *labs, const GPtrArray *pairs, GError **error)
{
  for (; *names; names++)
    {
      gboolean found = FALSE;
      for (guint i = 0; i < labs->len; i++)
        {
          const MigLabStatus *lab = labs->pdata[i];
          found |= lab->alive && strcmp (lab->directory, *names) == 0;
        }
      for (guint i = 0; i < pairs->len; i++)
        found |= strcmp (((MigPair *) pairs->pdata[i])->directory, *names) == 0;
      if (!found)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "no lab of yours is up in '%s'; 'migcost lab status' lists them", *names);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
pairs_down (char *const *names, const GPtrArray *pairs, GString *out, GError **error)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      const MigPair *pair = pairs->pdata[i];
      if (!is_meant (names, pair->directory))
        continue;
      if (!mig_pair_down (pair, error))
        return FALSE;
      for (guint host = 0; host < G_N_ELEMENTS (pair->uris); host++)
        mig_undo_forget_host (pair->uris[host]);
      g_string_append_printf (out, "down: %s\n", pair->directory);
    }
  return TRUE;
}

/* cut_slashes: shells complete directories with one behind. */
static void
cut_slashes (char *const *names)
{
  for (; *names; names++)
    for (gsize length = strlen (*names); length > 1 && (*names)[length - 1] == '/'; length--)
      (*names)[length - 1] = '\0';
}

static gboolean
lab_down (char *const *names, GString *out, GError **error)
{
  g_autoptr (GPtrArray) labs = mig_lab_list (error);
  g_autoptr (GPtrArray) pairs = labs ? mig_pair_list (error) : NULL;
  guint cleaned = 0;

  cut_slashes (names);
  if (!pairs || !check_names (names, labs, pairs, error))
    return FALSE;
  for (guint i = 0; i < labs->len; i++)
    {
      const MigLabStatus *lab = g_ptr_array_index (labs, i);
      if (!lab->alive || !is_meant (names, lab->directory))
        continue;
      if (!mig_lab_stop (lab->directory, error))
        return FALSE;
      g_string_append_printf (out, "down: %s\n", lab->directory);
    }
  if (!pairs_down (names, pairs, out, error) || !mig_lab_clean (&cleaned, error))
    return FALSE;
  if (cleaned)
    g_string_append_printf (out, "cleaned up after %u crashed\n", cleaned);
  if (out->len == 0)
    g_string_append (out, "no lab is up\n");
  return TRUE;
}

static gboolean
lab_status (char *const *names, GString *out, GError **error)
{
  g_autoptr (GPtrArray) labs = mig_lab_list (error);
  g_autoptr (GPtrArray) pairs = labs ? mig_pair_list (error) : NULL;

  if (!labs || !pairs)
    return FALSE;
  for (guint i = 0; i < labs->len; i++)
    {
      const MigLabStatus *lab = g_ptr_array_index (labs, i);
      if (lab->alive)
        {
          g_string_append_printf (out, "up       %s (process %" G_GINT64_FORMAT ", %s)\n",
                                  lab->directory, lab->pid, lab->mode ? lab->mode : "starting");
          for (guint host = 0; host < MAX (lab->n_hosts, 2); host++)
            {
              g_autofree char *name = host_name (host);
              g_string_append_printf (out, "  %-12s %s\n", name,
                                      lab->uris[host] ? lab->uris[host] : "-");
            }
        }
      else
        g_string_append_printf (
            out, "crashed  %s (the next start of a lab or 'migcost lab down' cleans it up)\n",
            lab->directory);
    }
  for (guint i = 0; i < pairs->len; i++)
    {
      const MigPair *pair = g_ptr_array_index (pairs, i);
      g_string_append_printf (
          out, "up       %s (emulated %s hosts)\n  source       %s\n  destination  %s\n",
          pair->directory, mig_pair_kind_name (pair->kind), pair->uris[0], pair->uris[1]);
    }
  if (out->len == 0)
    g_string_append (out, "no lab is up\n");
  return TRUE;
}

gboolean
mig_command_lab (int argc, char **argv, GString *out, int *status, GError **error)
{
  static const struct {
    const char *name;
    gboolean (*run) (char *const *names, GString *out, GError **error);
    gboolean takes_names;
  } actions[] = { { "up", lab_up }, { "down", lab_down, TRUE }, { "status", lab_status } };

  if (!mig_command_parse (
          &argc, &argv, entries, "up|down|status [DIR...]",
          "Starts, stops and inspects the lab: two or more libvirt hosts on this machine.",
          "up prints the hosts' URIs, for virsh. down ends the labs in the given directories, as "
          "printed by\nup and status, or all labs of this user, including those of a running "
          "'migcost run'.",
          1, 1 + 64, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (strcmp (actions[i].name, argv[1]) != 0)
        continue;
      if (argc == 2 || actions[i].takes_names)
        return actions[i].run (argv + 2, out, error);
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "unexpected argument '%s': %s takes none",
                   argv[2], argv[1]);
      return FALSE;
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "unknown action '%s'; expected up, down or status", argv[1]);
  return FALSE;
}
