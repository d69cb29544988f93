package coordconv.layers.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.tasks.NotSoClevr.Centre;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TasksTest {
    @ParameterizedTest
    @CsvSource({"CLASSIFICATION, COORDCONV, 7553", "REGRESSION, COORDCONV, 906", "RENDERING, COORDCONV, 11850",
            "CLASSIFICATION, PLAIN, 46465", "RENDERING, PLAIN, 46465"})
    void networksHaveThePapersParameterCounts(Task task, ModelKind kind, long parameters) {
        Layer network = TaskNetworks.of(task, kind);
        assertEquals(parameters, network.parameters().values().stream().mapToLong(p -> p.shape().elements()).sum());
    }

    @ParameterizedTest
    @CsvSource({"CLASSIFICATION, COORDCONV", "REGRESSION, COORDCONV", "RENDERING, COORDCONV", "REGRESSION, PLAIN"})
    void networksFitTheirData(Task task, ModelKind kind) {
        TaskData data = new TaskData(task, NotSoClevr.centres());
        Shape output = TaskNetworks.of(task, kind).outputShape(data.inputShape().batchOf(2));
        Shape expected = task == Task.CLASSIFICATION ? Shape.of(2, 4096) : data.targetShape().batchOf(2);
        assertEquals(expected, output);
    }

    @Test
    void splitsAreThePapers() {
        assertEquals(3136, new HashSet<>(NotSoClevr.centres()).size());
        NotSoClevr.Parts quadrant = NotSoClevr.parts(Split.QUADRANT, 0);
        assertEquals(2407, quadrant.train().size());
        assertEquals(729, quadrant.test().size());
        assertTrue(quadrant.test().stream().allMatch(c -> c.x() > 32 && c.y() > 32));
        NotSoClevr.Parts uniform = NotSoClevr.parts(Split.UNIFORM, 1);
        assertEquals(2352, uniform.train().size());
        assertEquals(784, uniform.test().size());
        for (NotSoClevr.Parts parts : List.of(quadrant, uniform)) {
            Set<Centre> all = new HashSet<>(parts.train());
            all.addAll(parts.test());
            assertEquals(new HashSet<>(NotSoClevr.centres()), all);
        }
        assertEquals(uniform, NotSoClevr.parts(Split.UNIFORM, 1));
        assertTrue(!uniform.equals(NotSoClevr.parts(Split.UNIFORM, 2)));
    }

    @Test
    void samplesAreDrawnWhereTheirCentreSays() {
        Centre corner = new Centre(4, 59);
        float[] input = new float[4096 + 1];
        float[] target = new float[3];
        new TaskData(Task.REGRESSION, List.of(corner)).read(0, input, 1, target, 1);
        int ink = 0;
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                boolean inside = x <= 8 && y >= 55;
                assertEquals(inside ? 1 : 0, input[1 + y * 64 + x], x + ", " + y);
                ink += inside ? 1 : 0;
            }
        }
        assertEquals(81, ink);
        assertEquals(4f / 64, target[1]);
        assertEquals(59f / 64, target[2]);

        new TaskData(Task.CLASSIFICATION, List.of(corner)).read(0, input, 0, target, 0);
        assertEquals(2f * 4 / 63 - 1, input[0]);
        assertEquals(2f * 59 / 63 - 1, input[1]);
        assertEquals(59 * 64 + 4, target[0]);
    }
}
