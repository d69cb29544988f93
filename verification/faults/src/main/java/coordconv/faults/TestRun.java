package coordconv.faults;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes in this JVM until one test fails. */
final class TestRun {
    /** Exit code where every test passed. */
    static final int PASSED = 0;
    /** Exit code where one failed; the last line of the output names it. */
    static final int FAILED = 10;
    /** Exit code where no test ran at all. */
    static final int NOTHING_RAN = 11;

    private TestRun() {}

    /**
     * Runs them.
     *
     * @param classes names of the test classes
     */
    public static void main(String[] classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList()).build();
        AtomicBoolean ran = new AtomicBoolean();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    ran.set(true);
                }
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    System.out.println("\nfailed " + name(test));
                    System.out.flush();
                    // At once: what comes after the first failure tells nothing more.
                    Runtime.getRuntime().halt(FAILED);
                }
            }
        });
        System.out.flush();
        Runtime.getRuntime().halt(ran.get() ? PASSED : NOTHING_RAN);
    }

    private static String name(TestIdentifier test) {
        return test.getSource().map(source -> switch (source) {
            case MethodSource method -> simple(method.getClassName()) + "." + method.getMethodName();
            case ClassSource type -> simple(type.getClassName());
            default -> test.getDisplayName();
        }).orElse(test.getDisplayName());
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
