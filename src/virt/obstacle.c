/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/xpath.h>
#include <string.h>

#include "base/xml.h"
#include "virt/internal.h"
#include "virt/obstacle.h"

/* What libvirt's QEMU driver refuses to migrate, and what may fail on the destination. */
static const struct {
  const char *path;    /* nodes: an obstacle each */
  const char *subject; /* what one is called, from there */
  gboolean certain;
  const char *reason, *advice;
} rules[] = {
  { "/domain/devices/hostdev[not(@type='pci')]", "string(@type)", TRUE,
    "it has a device of its host (%s)", "detach it (virsh detach-device)" },
  { "/domain/devices/hostdev[@type='pci'] | /domain/devices/interface[@type='hostdev']",
    "string(@type)", FALSE, "it has a device of its host (%s), which few can migrate",
    "detach it if its driver does not migrate" },
  { "/domain/devices/shmem[not(@role='master')]", "string(@name)", TRUE,
    "it has the shared memory device '%s', which only role='master' lets migrate", "detach it" },
  { "/domain/cpu/feature[@name='invtsc' and (@policy='require' or @policy='force')]"
    "[not(/domain/clock/timer[@name='tsc' and @frequency])]",
    "string(@name)", TRUE, "its CPU has %s, and its clock no frequency of the TSC",
    "give its <timer name='tsc'> a frequency, and start it anew" },
  { "/domain/devices/filesystem", "string(target/@dir)", FALSE,
    "it mounts '%s' from its host, which older versions of libvirt and QEMU do not migrate",
    "unmount and detach it" },
  { "/domain/devices/graphics/listen[@type='address' and @address != '0.0.0.0' and "
    "@address != '::' and @address != '::1' and not(starts-with(@address, '127.'))]",
    "string(@address)", FALSE, "its graphics listen on %s, an address that its destination needs",
    "let them listen on 0.0.0.0" },
  { "/domain/devices/disk[source/@file and (@device='cdrom' or @device='floppy')]",
    "string(source/@file)", FALSE, "'%s' is in its drive, a file that its destination needs too",
    "eject it (virsh change-media --eject)" },
};

static void
obstacle_free (gpointer data)
{
  MigGuestObstacle *self = data;
  g_free (self->reason);
  g_free (self->advice);
  g_free (self);
}

static void
add_obstacle (GPtrArray *obstacles, gboolean certain, char *reason /* taken */, const char *advice)
{
  MigGuestObstacle *self = g_new (MigGuestObstacle, 1);
  *self = (MigGuestObstacle){ certain, reason, g_strdup (advice) };
  g_ptr_array_add (obstacles, self);
}

/* evaluate: an expression that is a text, at a node. The caller frees it. */
static char *
evaluate (xmlXPathContextPtr context, xmlNodePtr node, const char *expression)
{
  context->node = node;
  xmlXPathObjectPtr object = xmlXPathEvalExpression (BAD_CAST expression, context);
  char *text = g_strdup (object && object->stringval ? (const char *) object->stringval : "");
  xmlXPathFreeObject (object);
  return text;
}

static void
apply_rule (xmlXPathContextPtr context, guint rule, GPtrArray *obstacles)
{
  xmlXPathObjectPtr nodes = xmlXPathEvalExpression (BAD_CAST rules[rule].path, context);

  for (int i = 0; nodes && nodes->nodesetval && i < nodes->nodesetval->nodeNr; i++)
    {
      g_autofree char *subject = evaluate (context, nodes->nodesetval->nodeTab[i],
                                           rules[rule].subject);
      g_auto (GStrv) parts = g_strsplit (rules[rule].reason, "%s", 2);
      add_obstacle (obstacles, rules[rule].certain, g_strjoinv (subject, parts),
                    rules[rule].advice);
    }
  xmlXPathFreeObject (nodes);
}

GPtrArray *
mig_domain_obstacles (const char *xml)
{
  GPtrArray *obstacles = g_ptr_array_new_with_free_func (obstacle_free);
  xmlDocPtr doc = mig_xml_parse (xml, strlen (xml), "domain", "domain", NULL);
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;

  for (guint i = 0; context && i < G_N_ELEMENTS (rules); i++)
    apply_rule (context, i, obstacles);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);
  return obstacles;
}

GPtrArray *
mig_guest_obstacles (MigGuest *guest)
{
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);
  GPtrArray *obstacles = mig_domain_obstacles (xml ? xml : "");
  int snapshots = virDomainSnapshotNum (guest->domain, 0);

  if (snapshots > 0)
    add_obstacle (obstacles, TRUE,
                  g_strdup_printf ("it has %d snapshot%s", snapshots, snapshots == 1 ? "" : "s"),
                  "delete them (virsh snapshot-delete)");
  return obstacles;
}

/* ---- at a destination ---- */

/* texts: of all nodes of a path. */
static char **
texts (xmlXPathContextPtr context, const char *path)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  xmlXPathObjectPtr nodes = xmlXPathEvalExpression (BAD_CAST path, context);

  for (int i = 0; nodes && nodes->nodesetval && i < nodes->nodesetval->nodeNr; i++)
    {
      g_autofree char *text = mig_node_text (nodes->nodesetval->nodeTab[i]);
      g_strv_builder_add (all, text);
    }
  xmlXPathFreeObject (nodes);
  return g_strv_builder_end (all);
}

/* lacks_network: of a guest's networks the first that a host has not; NULL: none that it knows. */
static char *
lacks_network (xmlXPathContextPtr context, const MigHost *to)
{
  g_auto (GStrv) names = texts (context, "/domain/devices/interface/source/@network");

  for (guint i = 0; names[i]; i++)
    {
      virNetworkPtr network = virNetworkLookupByName (to->connection, names[i]);
      if (network)
        virNetworkFree (network);
      else if (virGetLastErrorCode () == VIR_ERR_NO_NETWORK)
        return g_strdup_printf ("it has no network '%s'", names[i]);
    }
  return NULL;
}

/* lacks_machine: the emulator, as it is there, runs no such guest; in libvirt's words. */
static char *
lacks_machine (xmlXPathContextPtr context, const MigHost *to)
{
  g_autofree char *machine = evaluate (context, NULL, "string(/domain/os/type/@machine)");
  g_autofree char *arch = evaluate (context, NULL, "string(/domain/os/type/@arch)");
  g_autofree char *type = evaluate (context, NULL, "string(/domain/@type)");
  g_autofree char *emulator = evaluate (context, NULL, "string(/domain/devices/emulator)");

  if (strcmp (to->info.driver, "QEMU") != 0 || !*machine || !*emulator)
    return NULL;
  char *capabilities = virConnectGetDomainCapabilities (to->connection, emulator, arch, machine,
                                                        type, 0);
  int code = capabilities ? VIR_ERR_OK : virGetLastErrorCode ();
  free (capabilities);
  return code == VIR_ERR_INVALID_ARG || code == VIR_ERR_CONFIG_UNSUPPORTED
             ? g_strdup (virGetLastErrorMessage ())
             : NULL;
}

static char *
has_namesake (const MigGuest *guest, const MigHost *to)
{
  g_autoptr (virDomain) other = virDomainLookupByName (to->connection, guest->name);
  char uuid[VIR_UUID_STRING_BUFLEN];

  return other && virDomainGetUUIDString (other, uuid) == 0 && strcmp (uuid, guest->uuid) != 0
             ? g_strdup_printf ("another domain has the name '%s'", guest->name)
             : NULL;
}

char *
mig_guest_obstacle_at (MigGuest *guest, MigHost *to)
{
  g_autofree char *xml = mig_guest_xml (guest, FALSE, NULL);
  xmlDocPtr doc = xml ? mig_xml_parse (xml, strlen (xml), "domain", "domain", NULL) : NULL;
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;
  char *why = has_namesake (guest, to);

  if (!why && context)
    why = lacks_network (context, to);
  if (!why && context)
    why = lacks_machine (context, to);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);
  return why;
}
