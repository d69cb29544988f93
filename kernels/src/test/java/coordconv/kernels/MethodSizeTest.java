package coordconv.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Sizes that C2 compiles well: a method of 8000 bytes of code or more is never compiled (HugeMethodLimit), and one of
 * more than 325 is not inlined where it is hot (FreqInlineSize), which boxes the vectors that cross its call.
 */
class MethodSizeTest {
    private static final int HUGE = 8000;
    private static final int INLINED = 325;

    private record Method(String owner, String name, String type, int bytes) {}

    private static List<Method> methods() throws IOException, URISyntaxException {
        Path classes = Path.of(Conv2dPlan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Method> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                ClassModel model = ClassFile.of().parse(file);
                String owner = model.thisClass().asInternalName().replace('/', '.');
                for (MethodModel method : model.methods()) {
                    int bytes = method.code().map(c -> ((CodeAttribute) c).codeLength()).orElse(0);
                    all.add(new Method(owner, method.methodName().stringValue(), method.methodType().stringValue(), bytes));
                }
            }
        }
        return all;
    }

    @Test
    void everyMethodIsCompiled() throws Exception {
        assertEquals(List.of(), methods().stream().filter(m -> m.bytes >= HUGE).toList());
    }

    @Test
    void vectorsCrossTheCallsOfSmallMethodsAlone() throws Exception {
        List<Method> crossed = methods().stream().filter(m -> m.type.contains("jdk/incubator/vector")).toList();
        assertTrue(crossed.size() > 3, crossed + " found");
        assertEquals(List.of(), crossed.stream().filter(m -> m.bytes > INLINED).toList());
    }

    /** What runs for every element, tile or row of some other loop. */
    @Test
    void operandsAndViewsAreInlined() throws Exception {
        List<Method> views = methods().stream()
                .filter(m -> m.owner.matches("coordconv\\.kernels\\.internal\\.(memory|simd)\\.[^.]*")).toList();
        assertTrue(views.size() > 20, views + " found");
        assertEquals(List.of(), views.stream().filter(m -> m.bytes > INLINED).toList());
    }
}
