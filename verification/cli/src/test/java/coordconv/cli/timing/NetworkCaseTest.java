package coordconv.cli.timing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkCaseTest {
    @Test
    void theShippedCasesExist() {
        List<NetworkCase> cases = NetworkCase.SHIPPED.stream().map(NetworkCase::parse).toList();
        assertEquals(List.of(true, true, true, true, true, true, true, false, false, false, false, false),
                cases.stream().map(NetworkCase::seesCoordinates).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dcn2|[64, 3, 32, 32]", "MyNet@1|[1, 3, 32, 32]", "paper-classifier|[16, 2]", "paper-classifier@3|[3, 2]",
        "unet+xy@2x32x48|[2, 3, 32, 48]", "ppyolo+xy@1x608x608|[1, 512, 76, 76]", "solov2|[1, 256, 100, 168]"})
    void aStringNamesTheSizes(String text, String expected) {
        Shape first = NetworkCase.parse(text).inputs().getFirst();
        assertEquals(expected, first.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"alexnet|alexnet", "dcn2+xy|+xy", "dcn2@0|dcn2@0", "dcn2@1x32|dcn2@1x32", "unet@1x33x33|33",
        "paper-classifier@1x64x64|paper-classifier@1x64x64", "dcn2@1x1x1|[1, 32, 1, 1]", "''|given"})
    void whatThereIsNotIsRefusedByName(String text, String named) {
        String message = assertThrows(IllegalArgumentException.class, () -> NetworkCase.parse(text)).getMessage();
        assertTrue(message.contains(named) && message.contains("needed"), message);
    }

    @ParameterizedTest
    @CsvSource({"dcn2,dcn2@3", "dcn2@64,dcn2@3", "ppyolo+xy@1x608x608,ppyolo+xy@3x608x608", "paper-classifier@7,paper-classifier@3"})
    void anotherBatchShowsInTheName(String text, String expected) {
        NetworkCase other = NetworkCase.parse(text).withBatch(3);
        assertEquals(expected, other.text());
        assertEquals(NetworkCase.parse(expected).inputs(), other.inputs());
    }

    @Test
    void aNetworkIsTheSameEachTime() {
        NetworkCase once = NetworkCase.parse("dcn2@1");
        NetworkCase again = NetworkCase.parse("dcn2@1");
        assertArrayEquals(once.network().parameters().get("conv4.conv.weight").values(),
                again.network().parameters().get("conv4.conv.weight").values());
        assertArrayEquals(once.tensors(List.of("x")).get("x").data(), again.tensors(List.of("x")).get("x").data());
    }

    @Test
    void arraysAreJoinedInOrder() {
        assertArrayEquals(new float[] {1, 2, 3}, NetworkCase.joined(List.of(new float[] {1}, new float[] {}, new float[] {2, 3})));
    }
}
