package coordconv.kernels;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dependencies between the packages of the kernels point in one direction. */
class StructureTest {
    private static final String INTERNAL = "coordconv.kernels.internal.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Conv2dPlan.class.getProtectionDomain().getCodeSource().getLocation());

    /** What each internal package may use, besides itself and the JDK. */
    private static final Map<String, List<String>> USES = Map.ofEntries(
            Map.entry("memory", List.of()),
            Map.entry("coords", List.of()),
            Map.entry("parallel", List.of()),
            Map.entry("shape", List.of("coords")),
            Map.entry("simd", List.of("memory")),
            Map.entry("simd.scalar", List.of("simd", "memory")),
            Map.entry("simd.vector", List.of("simd", "simd.scalar", "memory")),
            Map.entry("machine", List.of("simd", "simd.scalar")),
            Map.entry("gemm", List.of("algorithm", "machine", "simd", "shape", "memory", "parallel")),
            Map.entry("algorithm", List.of("memory", "parallel", "shape", "coords")),
            Map.entry("im2col", List.of("algorithm", "gemm", "machine", "simd", "shape", "coords", "memory", "parallel")),
            Map.entry("direct", List.of("im2col", "algorithm", "gemm", "machine", "simd", "shape", "coords", "memory", "parallel")),
            Map.entry("winograd", List.of("im2col", "algorithm", "gemm", "machine", "simd", "shape", "memory")),
            Map.entry("deformable", List.of("im2col", "algorithm", "gemm", "machine", "simd", "shape", "coords", "memory", "parallel")),
            Map.entry("pixels", List.of("algorithm", "gemm", "machine", "simd", "shape", "coords", "memory")),
            Map.entry("engine", List.of("pixels", "deformable", "winograd", "direct", "im2col", "algorithm", "gemm", "machine", "simd", "shape", "coords", "memory", "parallel")));

    private static DescribedPredicate<JavaClass> inPackages(List<String> names) {
        return DescribedPredicate.describe("in " + names, c -> names.contains(c.getPackageName()));
    }

    @Test
    void eachPackageUsesWhatLiesBelowIt() {
        for (Map.Entry<String, List<String>> entry : USES.entrySet()) {
            Set<String> allowed = new HashSet<>(Set.of(INTERNAL + entry.getKey()));
            entry.getValue().forEach(name -> allowed.add(INTERNAL + name));
            DescribedPredicate<JavaClass> foreign = DescribedPredicate.describe("of coordconv, but not in " + allowed,
                    c -> c.getPackageName().startsWith("coordconv") && !allowed.contains(c.getPackageName()));
            noClasses().that().resideInAPackage(INTERNAL + entry.getKey()).should().dependOnClassesThat(foreign).check(CLASSES);
        }
    }

    @Test
    void everyInternalPackageIsListed() {
        Set<String> found = new HashSet<>();
        CLASSES.forEach(c -> found.add(c.getPackageName()));
        found.removeIf(name -> !name.startsWith(INTERNAL));
        Set<String> listed = new HashSet<>();
        USES.keySet().forEach(name -> listed.add(INTERNAL + name));
        assertEquals(listed, found);
    }

    @Test
    void noCircles() {
        slices().matching("coordconv.kernels.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingInternalUsesTheApi() {
        noClasses().that().resideInAPackage("coordconv.kernels.internal..").should()
                .dependOnClassesThat(inPackages(List.of("coordconv.kernels", "coordconv.kernels.benchmark"))).check(CLASSES);
        noClasses().that().resideInAPackage("coordconv.kernels").should()
                .dependOnClassesThat().resideInAPackage("coordconv.kernels.benchmark").check(CLASSES);
    }

    /** A JVM without the module has to load every other class. */
    @Test
    void theVectorKernelsAloneUseTheVectorApi() {
        noClasses().that().resideOutsideOfPackage("coordconv.kernels.internal.simd.vector").should()
                .dependOnClassesThat().resideInAPackage("jdk.incubator..").check(CLASSES);
        noClasses().that().resideOutsideOfPackage("coordconv.kernels.internal.simd.vector").should()
                .dependOnClassesThat().resideInAPackage("coordconv.kernels.internal.simd.vector").check(CLASSES);
    }

    @Test
    void theJdkIsAllThatIsNeeded() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage("coordconv.kernels..", "java..", "jdk.incubator.vector")
                .check(CLASSES);
    }
}
