package io.gatehouse.broker.admit;

import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import io.gatehouse.broker.sessions.Grant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HiveMQ's default permissions. It asks them, after our authorizer, about a will; everything else is decided by the authorizer alone.
 * They therefore hold what may be published and nothing to subscribe to: HiveMQ takes {@code +} for {@code #} in subscriptions.
 */
public final class CoarsePermissions {
    private static final Logger LOG = LoggerFactory.getLogger(CoarsePermissions.class);

    private CoarsePermissions() {}

    /** Nothing at all. An empty list would allow everything without the default behaviour. */
    public static void denyAll(ModifiableDefaultPermissions permissions) {
        permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
        permissions.clear();
        permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    }

    public static void allow(ModifiableDefaultPermissions permissions, Grant grant) {
        denyAll(permissions);
        for (String filter : grant.policy().publishFilters(grant.subject())) {
            try {
                permissions.add(Builders.topicPermission()
                        .topicFilter(filter)
                        .type(TopicPermission.PermissionType.ALLOW)
                        .activity(TopicPermission.MqttActivity.PUBLISH)
                        .build());
            } catch (IllegalArgumentException e) {
                // HiveMQ's limits are narrower than ours: a will there is refused, the rest of the policy stands.
                LOG.debug("HiveMQ does not take the topic filter {} as a permission: {}", filter, e.getMessage());
            }
        }
    }
}
