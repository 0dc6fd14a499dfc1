/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "virt/definition.h"
#include "virt/internal.h"

static void
read_definition (virDomainPtr domain, MigDefinition *definition)
{
  int autostart = 0;

  definition->persistent = virDomainIsPersistent (domain) == 1;
  definition->autostart = definition->persistent &&
                          virDomainGetAutostart (domain, &autostart) == 0 && autostart;
}

void
mig_guest_definition (MigGuest *guest, MigDefinition *definition)
{
  read_definition (guest->domain, definition);
}

void
mig_host_definition (MigHost *host, const char *uuid, MigDefinition *definition)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, uuid);

  *definition = (MigDefinition){ FALSE, FALSE };
  if (domain)
    read_definition (domain, definition);
}

/* stop_autostart: TRUE where there is no definition any more, by the host's own word. */
static gboolean
stop_autostart (MigHost *host, const MigGuest *guest, GError **error)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, guest->uuid);

  if (domain ? virDomainSetAutostart (domain, 0) == 0 : virGetLastErrorCode () == VIR_ERR_NO_DOMAIN)
    return TRUE;
  mig_virt_error (
      error, "cannot end the autostart of guest '%s' on host '%s', so it has none on host '%s'",
      guest->name, host->name, guest->host->name);
  return FALSE;
}

gboolean
mig_guest_carry_autostart (MigHost *source, MigGuest *arrived, GError **error)
{
  if (!stop_autostart (source, arrived, error))
    return FALSE;
  if (virDomainSetAutostart (arrived->domain, 1) == 0)
    return TRUE;
  mig_virt_error (error,
                  "cannot set the autostart of guest '%s' on host '%s', which it had on '%s'",
                  arrived->name, arrived->host->name, source->name);
  return FALSE;
}

gboolean
mig_host_carry_autostart (MigHost *source, MigHost *destination, const char *uuid, GError **error)
{
  g_autoptr (MigGuest) arrived = mig_guest_lookup_uuid (destination, uuid, NULL);
  MigDefinition definition = { FALSE, FALSE };

  if (arrived)
    mig_guest_definition (arrived, &definition);
  return !definition.persistent || definition.autostart ||
         mig_guest_carry_autostart (source, arrived, error);
}

/* add_virsh: one more command, to be run where those before went well. */
static void
add_virsh (GString *command, const MigHost *host, const char *words, const char *uuid)
{
  g_autofree char *uri = g_shell_quote (host->uri);

  g_string_append_printf (command, "%svirsh -c %s %s %s", command->len ? " && " : "", uri, words,
                          uuid);
}

/* undefine_words: of a guest with UEFI: libvirt undefines it only where it is told what becomes of
 * its variables, whose file the guest may have open where it is now. */
static const char *
undefine_words (MigHost *host, const char *uuid)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, uuid);
  char *xml = domain ? virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE) : NULL;
  gboolean has = xml && strstr (xml, "<nvram") != NULL;

  free (xml);
  return has ? "undefine --keep-nvram" : "undefine";
}

/* add_copy: of a definition, with the passwords in it, through no file. */
static void
add_copy (GString *command, const MigHost *from, const MigHost *to, const char *uuid)
{
  g_autofree char *uri = g_shell_quote (to->uri);

  add_virsh (command, from, "dumpxml --inactive --security-info", uuid);
  g_string_append_printf (command, " | virsh -c %s define /dev/stdin", uri);
}

static void
left_definition_free (gpointer data)
{
  MigLeftDefinition *self = data;
  g_free (self->what);
  g_free (self->command);
  g_free (self);
}

/* left_on: what one host has left; NULL: nothing is wrong. *told: of a lost autostart another one
 * has told, or this one does. The caller frees it. */
static MigLeftDefinition *
left_on (MigHost *left, MigHost *on, const char *uuid, gboolean autostart, gboolean *told)
{
  g_autoptr (GString) line = g_string_new (NULL);
  MigDefinition there, here;

  mig_host_definition (left, uuid, &there);
  mig_host_definition (on, uuid, &here);
  gboolean lacks_start = !*told && (autostart || there.autostart) && !here.autostart;
  if (!there.persistent && !(here.persistent && lacks_start))
    return NULL;
  if (there.autostart)
    add_virsh (line, left, "autostart --disable", uuid);
  if (there.persistent && !here.persistent)
    add_copy (line, left, on, uuid);
  if (lacks_start)
    add_virsh (line, on, "autostart", uuid);
  if (there.persistent)
    add_virsh (line, left, undefine_words (left, uuid), uuid);
  MigLeftDefinition *self = g_new (MigLeftDefinition, 1);
  self->what = there.persistent
                   ? g_strdup_printf ("is still defined on %s, which it left%s", left->name,
                                      there.autostart ? ", and which starts it by itself" : "")
                   : g_strdup_printf ("is not started by %s itself, as it was by %s, which it left",
                                      on->name, left->name);
  self->command = g_string_free (g_steal_pointer (&line), FALSE);
  *told |= lacks_start;
  return self;
}

GPtrArray *
mig_definitions_left (const GArray *left, MigHost *on, const char *uuid)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (left_definition_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  gboolean told = FALSE;

  for (guint i = 0; i < left->len; i++)
    {
      const MigLeftHost *one = &g_array_index (left, MigLeftHost, i);
      if (one->host == on || !g_hash_table_add (seen, one->host))
        continue;
      MigLeftDefinition *definition = left_on (one->host, on, uuid, one->autostart, &told);
      if (definition)
        g_ptr_array_add (found, definition);
    }
  return found;
}
