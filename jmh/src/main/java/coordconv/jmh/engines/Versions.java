package coordconv.jmh.engines;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Versions as the jars themselves state them. */
final class Versions {
    private Versions() {}

    /**
     * The version in the Maven metadata of a jar on the class path.
     *
     * @param group its groupId
     * @param artifact its artifactId
     * @return the version, or {@code version unknown}
     */
    static String of(String group, String artifact) {
        String path = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream in = Versions.class.getResourceAsStream(path)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "version unknown");
        } catch (IOException e) {
            return "version unreadable";
        }
    }
}
