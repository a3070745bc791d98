package io.gatehouse.broker.fakes;

import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import com.hivemq.extension.sdk.api.services.builder.TopicPermissionBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** HiveMQ's default permissions: everything is allowed until somebody says otherwise. */
public final class FakePermissions implements ModifiableDefaultPermissions {
    private final List<TopicPermission> list = new ArrayList<>();
    /** What happens on other threads while the permissions are being written, once. */
    public volatile Runnable meanwhile = () -> {};

    private DefaultAuthorizationBehaviour behaviour = DefaultAuthorizationBehaviour.ALLOW;

    static {
        try {
            var field = Builders.class.getDeclaredField("builders");
            field.setAccessible(true);
            Supplier<Object> builder = () -> Partial.of(TopicPermissionBuilder.class, new Building());
            field.set(null, Map.of(TopicPermissionBuilder.class.getCanonicalName(), builder));
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(changed);
        }
    }

    /** The filters that may be published to; null when everything is allowed. */
    public List<String> publishable() {
        if (behaviour == DefaultAuthorizationBehaviour.ALLOW) {
            return null;
        }
        return list.stream().map(TopicPermission::getTopicFilter).toList();
    }

    @Override
    public List<TopicPermission> asList() {
        return list;
    }

    @Override
    public void add(TopicPermission permission) {
        list.add(permission);
    }

    @Override
    public void addAll(Collection<? extends TopicPermission> permissions) {
        list.addAll(permissions);
    }

    @Override
    public void remove(TopicPermission permission) {
        list.remove(permission);
    }

    @Override
    public void clear() {
        var once = meanwhile;
        meanwhile = () -> {};
        once.run();
        list.clear();
    }

    @Override
    public DefaultAuthorizationBehaviour getDefaultBehaviour() {
        return behaviour;
    }

    @Override
    public void setDefaultBehaviour(DefaultAuthorizationBehaviour now) {
        behaviour = now;
    }

    /** The SDK's builder of one permission. */
    public static final class Building {
        private String filter = "";

        public TopicPermissionBuilder topicFilter(String topicFilter) {
            filter = topicFilter;
            return self();
        }

        public TopicPermissionBuilder type(TopicPermission.PermissionType type) {
            if (type != TopicPermission.PermissionType.ALLOW) {
                throw new AssertionError("HiveMQ's deny rules do not hold");
            }
            return self();
        }

        public TopicPermissionBuilder activity(TopicPermission.MqttActivity activity) {
            if (activity != TopicPermission.MqttActivity.PUBLISH) {
                throw new AssertionError("subscriptions are never left to HiveMQ");
            }
            return self();
        }

        public TopicPermission build() {
            return Partial.of(TopicPermission.class, new Built(filter));
        }

        private TopicPermissionBuilder self() {
            return Partial.of(TopicPermissionBuilder.class, this);
        }
    }

    /** A permission, as far as anybody asks. */
    public record Built(String filter) {
        public String getTopicFilter() {
            return filter;
        }
    }
}
